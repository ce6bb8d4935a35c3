import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { queueMessages } from "../../src/notebook/kernel/queue-messages";

/** A socket that is busy for a while after each message, as zeromq's are. */
class BusySocket {
  readonly sent: unknown[] = [];
  private busy = false;

  async send(message: unknown): Promise<void> {
    throw new Error(`replaced below: ${message}`);
  }

  take(message: unknown): Promise<void> {
    if (this.busy) throw Object.assign(new Error("Socket is busy writing"), { code: "EBUSY" });
    if (message === "bad") throw new TypeError("no message");
    this.busy = true;
    this.sent.push(message);
    return new Promise((resolve) =>
      setImmediate(() => {
        this.busy = false;
        resolve();
      }),
    );
  }
}
BusySocket.prototype.send = function (this: BusySocket, message) {
  return this.take(message);
};
queueMessages(BusySocket.prototype);

describe("queueMessages()", () => {
  it("sends the first at once and each of the others, in order, when the one before is out", async () => {
    const socket = new BusySocket();
    const all = [1, 2, 3, 4].map((message) => socket.send(message));
    assert.deepEqual(socket.sent, [1]);
    await Promise.all(all);
    assert.deepEqual(socket.sent, [1, 2, 3, 4]);
    await socket.send(5);
    assert.deepEqual(socket.sent, [1, 2, 3, 4, 5]);
  });

  it("keeps sockets apart, and throws what is no matter of waiting", () => {
    const [one, other] = [new BusySocket(), new BusySocket()];
    void one.send(1);
    void other.send(2);
    assert.deepEqual([one.sent, other.sent], [[1], [2]]);
    assert.throws(() => new BusySocket().send("bad"), TypeError);
  });
});
