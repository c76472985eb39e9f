import { createContext, useContext, useEffect, useRef } from "react";
import type { TextKey } from "./i18n/texts";

/** A key and what it does. `shown` is how the help writes it, where that is not the key itself. */
export type Key = {
  readonly key: string;
  readonly does: TextKey;
  readonly shown?: string;
  readonly run: (event: KeyboardEvent) => void;
};

export type Layer = { readonly title: TextKey; readonly keys: readonly Key[] };

/** Layers of keys, the newest last: the last layer that knows a key has it. */
export class Keyboard {
  private layers: { current: Layer }[] = [];

  push(layer: { current: Layer }): () => void {
    this.layers.push(layer);
    return () => { this.layers = this.layers.filter((one) => one !== layer); };
  }

  known(): readonly Layer[] {
    return this.layers.map((one) => one.current);
  }

  readonly pressed = (event: KeyboardEvent): void => {
    const name = spelt(event);
    if (event.isComposing || (isTyping(event.target) && name !== "Escape") || isOwn(event.target, name)) return;
    for (const layer of [...this.layers].reverse()) {
      const found = layer.current.keys.find((one) => one.key === name);
      if (found) {
        event.preventDefault();
        found.run(event);
        return;
      }
    }
  };
}

/** `Shift+ArrowLeft`, `?`, `j`: with modifiers only where the key is not a character that holds them already. */
export function spelt(event: Pick<KeyboardEvent, "key" | "shiftKey" | "ctrlKey" | "metaKey" | "altKey">): string {
  const long = event.key.length > 1;
  const with_ = [event.ctrlKey || event.metaKey ? "Ctrl" : "", event.altKey ? "Alt" : "", event.shiftKey && long ? "Shift" : ""];
  return [...with_.filter(Boolean), event.key === " " ? "Space" : event.key].join("+");
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** Enter and Space belong to what has the focus, where that is something to press. */
const isOwn = (target: EventTarget | null, name: string): boolean =>
  (name === "Enter" || name === "Space") && target instanceof HTMLElement && target.closest("button,a,summary") !== null;

export const KeyboardContext = createContext(new Keyboard());

/** These keys while the component is there. */
export function useKeys(title: TextKey, keys: readonly Key[], on = true): void {
  const keyboard = useContext(KeyboardContext);
  const layer = useRef<Layer>({ title, keys });
  layer.current = { title, keys };
  useEffect(() => (on ? keyboard.push(layer) : undefined), [keyboard, on]);
}
