import { callLogger, createLogger } from './logger.js';

function logging(pii: boolean) {
  const lines: Record<string, unknown>[] = [];
  const log = createLogger(
    'api',
    { level: 'info', pii },
    { write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>) },
  );
  return { log, lines };
}

describe('the logger', () => {
  it('leaves personal data out, of lines, of nested fields and of child loggers', () => {
    const { log, lines } = logging(false);
    log.info({ pii: { phone: '+14155550123' } }, 'call placed');
    log.info({ contact: { pii: { name: 'Ada Lovelace' } } }, 'contact read');
    log.child({ pii: { phone: '+14155550123' } }).info('call ended');
    expect(JSON.stringify(lines)).not.toMatch(/4155550123|Lovelace/);
    expect(lines[0]).toMatchObject({ service: 'api', level: 'info', msg: 'call placed', pii: '[pii]' });
  });

  it('keeps personal data where the installation asks for it', () => {
    const { log, lines } = logging(true);
    log.info({ pii: { phone: '+14155550123' } }, 'call placed');
    expect(lines[0]).toMatchObject({ pii: { phone: '+14155550123' } });
  });

  it('never writes secrets', () => {
    const { log, lines } = logging(true);
    log.info(
      { authorization: 'Bearer abc', headers: { authorization: 'Bearer abc' }, acs: { connectionString: 'accesskey=abc' } },
      'asked',
    );
    expect(JSON.stringify(lines)).not.toContain('abc');
  });

  it('leaves out what libraries hang on their errors: the command that failed, the row that was refused', () => {
    const { log, lines } = logging(true);
    const error = Object.assign(new Error('OOM command not allowed'), {
      code: 'OOM',
      command: { name: 'publish', args: ['my name is Lovelace'] },
      detail: 'Ada',
    });
    log.warn({ err: error }, 'trouble on a Redis connection');
    expect(lines[0]).toMatchObject({ err: { type: 'Error', message: 'OOM command not allowed', code: 'OOM' } });
    expect(JSON.stringify(lines)).not.toContain('Lovelace');
  });

  it('names the call in every line of its child', () => {
    const { log, lines } = logging(false);
    callLogger(log, { tenantId: 'default', callId: 'c1', campaignId: null }).info('media socket opened');
    expect(lines[0]).toMatchObject({ tenantId: 'default', callId: 'c1' });
    expect(lines[0]).not.toHaveProperty('campaignId');
  });
});
