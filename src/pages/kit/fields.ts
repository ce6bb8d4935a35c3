// A set-up declared as fields: what each may be, what it is at first, and what it is called. From this come the link, which
// never holds a value outside its field, and the controls.
import type { SetupLink } from "./start-page";

/** A number, as a slider. */
export interface NumberField {
  label: string;
  first: number;
  least: number;
  most: number;
  /** How far apart the slider's values are; by default a hundredth of the range. Links may lie between. */
  step?: number;
  /** The value in words; by default the number. */
  text?(value: number): string;
}

/** Several numbers of one range, such as a latent vector, as a slider each. */
export interface NumbersField extends Omit<NumberField, "label" | "first"> {
  labels: readonly string[];
  first: readonly number[];
}

/** One of several words, as a list to choose from. */
export interface ChoiceField {
  label: string;
  first: string;
  of: readonly string[];
  /** What each is called on the page; by default, as it is. */
  titles?: Readonly<Record<string, string>>;
}

/** On or off, as a switch. */
export interface SwitchField {
  label: string;
  first: boolean;
}

export type Field = NumberField | NumbersField | ChoiceField | SwitchField;
export type Fields = Readonly<Record<string, Field>>;

type Value<First> = First extends number
  ? number
  : First extends boolean
    ? boolean
    : First extends readonly number[]
      ? readonly number[]
      : string;

/** The set-up that fields declare: a value each. */
export type FieldSetup<Declared extends Fields> = {
  readonly [Name in keyof Declared]: Value<Declared[Name]["first"]>;
};

/** The link of a set-up of fields, and the fields. */
export interface FieldLink<Declared extends Fields> extends SetupLink<FieldSetup<Declared>> {
  fields: Declared;
}

/**
 * Declares a set-up.
 *
 * @param declared by name, which the link shows: letters and digits
 * @returns the link for `startPage`, and the fields for `controls`
 */
export function fields<Declared extends Fields>(declared: Declared): FieldLink<Declared> {
  return {
    fields: declared,
    read(hash) {
      const given = new URLSearchParams(hash.replace(/^#/, ""));
      const values = Object.entries(declared).map(([name, field]) => [name, read(field, given.get(name))]);
      return Object.fromEntries(values);
    },
    write(setup) {
      return Object.entries(declared)
        .flatMap(([name, { first }]) => {
          const [text, usual] = [String(setup[name]), String(first)];
          return text === usual ? [] : [`${name}=${encodeURIComponent(text).replace(/%2C/g, ",")}`];
        })
        .join("&");
    },
  };
}

function read(field: Field, text: string | null): number | boolean | string | readonly number[] {
  if (text === null) return field.first;
  if (typeof field.first === "boolean") return text === "true" || (text !== "false" && field.first);
  if ("of" in field) return field.of.includes(text) ? text : field.first;
  const { least, most, first } = field as NumberField | NumbersField;
  const inside = (word: string, usual: number) => {
    const value = Number(word);
    return word.trim() !== "" && value >= least && value <= most ? value : usual;
  };
  if (typeof first === "number") return inside(text, first);
  const words = text.split(",");
  return first.map((usual, i) => inside(words[i] ?? "", usual));
}
