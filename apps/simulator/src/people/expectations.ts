import type { ClaimField } from '@carillon/contracts';
import type { Fact } from './facts.js';
import type { Person } from './person.js';
import { topicOf, type Topic } from './topic.js';

export type ExpectedValue = string | number | boolean | null;

/** What a perfect conversation with this person would put into the field; `null` where the person knows nothing of the kind. */
export function expectedValue(person: Person, field: ClaimField): ExpectedValue {
  const topic = topicOfField(field);
  const fact = topic === null ? undefined : person.facts[topic];
  return fact === undefined ? null : asType(fact, field.type);
}

/** Which topic a field asks for: what its type says, else its name, else its description. */
export function topicOfField(field: ClaimField): Topic | null {
  if (field.type === 'enum') return null; // the choices are the campaign's, and nobody here has made up their mind
  if (field.type === 'boolean') return 'consent';
  if (field.type === 'email') return 'email';
  if (field.type === 'phone_number') return 'phone_number';
  const topic = topicOf(field.name) ?? topicOf(field.description ?? '');
  return field.type === 'datetime' && topic !== null ? dayTopic(topic, field) : topic;
}

/** The days that a person knows are those of their birth and of what comes next; a time goes with it where the field asks for one. */
function dayTopic(topic: Topic, field: ClaimField): Topic {
  if (topic === 'birth_date' || topic === 'date_and_time') return topic;
  return /\b(time|hour)\b/i.test(`${field.name.replace(/_/g, ' ')} ${field.description ?? ''}`) ? 'date_and_time' : 'date';
}

function asType({ value }: Fact, type: ClaimField['type']): ExpectedValue {
  if (type === 'number') return typeof value === 'string' && !/^\d+$/.test(value) ? null : Number(value);
  return type === 'text' ? String(value) : value;
}
