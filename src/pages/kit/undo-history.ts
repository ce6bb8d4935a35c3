// Undo and redo over immutable values. Changes of one gesture, such as the drag of a slider, are one step.

export class UndoHistory<Value> {
  private past: Value[] = [];
  private future: Value[] = [];
  /** The gesture that the present is part of. */
  private gesture: string | undefined;

  constructor(private present: Value) {}

  get value(): Value {
    return this.present;
  }

  get canUndo(): boolean {
    return this.past.length > 0;
  }

  get canRedo(): boolean {
    return this.future.length > 0;
  }

  /** Goes on to another value. @param gesture changes of the same name in a row are one step */
  change(next: Value, gesture?: string): void {
    if (gesture === undefined || gesture !== this.gesture) this.past.push(this.present);
    this.gesture = gesture;
    this.present = next;
    this.future = [];
  }

  /** The next change is a step of its own. */
  endGesture(): void {
    this.gesture = undefined;
  }

  undo(): void {
    this.move(this.past, this.future);
  }

  redo(): void {
    this.move(this.future, this.past);
  }

  private move(from: Value[], to: Value[]): void {
    this.gesture = undefined;
    if (from.length === 0) return;
    to.push(this.present);
    this.present = from.pop() as Value;
  }
}
