import { machineMessage } from './machine-message.js';

const initiate = { bot_name: 'Clara', bot_company: 'Northwind Parcels' };

it('names who calls and who was called', () => {
  const message = 'Hello {First_Name}, this is {bot} of {company}.';
  expect(machineMessage(message, initiate, { first_name: 'Ann' })).toBe('Hello Ann, this is Clara of Northwind Parcels.');
});

it('leaves out what is not known', () => {
  expect(machineMessage('Hello {first_name}, please call us back.', initiate, { first_name: ' ' })).toBe('Hello, please call us back.');
  expect(machineMessage('{name}您好，请回电。', initiate, {})).toBe('您好，请回电。');
});

it('reads a value as it is, whatever it looks like', () => {
  expect(machineMessage('For {name}.', initiate, { name: '$& {bot}' })).toBe('For $& {bot}.');
});
