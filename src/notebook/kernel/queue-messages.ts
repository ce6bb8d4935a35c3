// Messages wait for each other. A socket of zeromq takes one message at a time and throws EBUSY where the one before is still
// under way, as happens on a busy machine; tslab neither waits nor catches that, so that a kernel would lose the message and,
// with it, its loop over requests.

/** What zeromq's sockets have in common. */
export interface Sender {
  send(message: unknown): Promise<void>;
}

interface Backlog {
  waiting: number;
  last: Promise<void>;
}

/**
 * Makes the sockets of a class send in order, each message when the one before is out; the first goes at once.
 *
 * @param prototype of the class
 */
export function queueMessages(prototype: Sender): void {
  const { send } = prototype;
  const backlogs = new WeakMap<Sender, Backlog>();
  function queued(this: Sender, message: unknown): Promise<void> {
    const backlog = backlogs.get(this) ?? { waiting: 0, last: Promise.resolve() };
    backlogs.set(this, backlog);
    if (backlog.waiting === 0) {
      try {
        backlog.last = send.call(this, message);
        return backlog.last;
      } catch (error) {
        if ((error as { code?: string }).code !== "EBUSY") throw error;
      }
    }
    backlog.waiting += 1;
    backlog.last = backlog.last
      .catch(() => {})
      .then(() => {
        backlog.waiting -= 1;
        return send.call(this, message);
      });
    return backlog.last;
  }
  Object.defineProperty(prototype, "send", { value: queued, writable: true, configurable: true }); // zeromq's own is read-only
}
