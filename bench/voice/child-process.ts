import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** One part of a bench in a process of its own. When it fails, so does the bench. */
export function startChild(script: string, execArgv: string[] = []): ChildProcess {
  const started = fork(script, [], { execArgv, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  started.once('exit', (code) => {
    if (code === 0) return;
    process.stderr.write(`${script} ended with ${code}\n`);
    process.exit(1);
  });
  return started;
}

/** Asks for a report of this type. */
export function asked<T>(child: ChildProcess, type: string): Promise<T> {
  const answer = told<T>(child, type);
  child.send({ type });
  return answer;
}

/** The next message of this type. */
export function told<T>(from: ChildProcess, type: string): Promise<T> {
  return new Promise((done) => {
    const listener = (received: { type: string }) => {
      if (received.type !== type) return;
      from.off('message', listener);
      done(received as T);
    };
    from.on('message', listener);
  });
}

/** Asks it to end, and waits for that. */
export async function stopChild(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.send({ type: 'stop' });
  await ended;
}

/** In the child: answers each question of a type with what its function gives, and ends after `stop`. */
export function answerParent(answers: Record<string, (question: never) => unknown>, stop: () => Promise<void>): void {
  process.on('message', (question: { type: string }) => {
    if (question.type === 'stop') void stop().then(() => process.disconnect());
    else void answer(answers[question.type], question);
  });
}

async function answer(how: ((question: never) => unknown) | undefined, question: { type: string }): Promise<void> {
  const report = await how?.(question as never);
  process.send?.({ type: question.type, ...(report as object | undefined) });
}
