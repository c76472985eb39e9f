import { useContext } from "react";
import { useWords } from "../i18n/language";
import { KeyboardContext } from "../keys";
import { Dialog } from "./parts";

const SHOWN: Readonly<Record<string, string>> = {
  ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓", Escape: "Esc", Enter: "↵", Space: "␣", Shift: "⇧",
};
const written = (key: string): string =>
  key === "+" ? key : key.split("+").map((part) => SHOWN[part] ?? part).join(" ");

/** Every key that does something here. */
export function Help({ close }: { close: () => void }) {
  const { t } = useWords();
  const layers = [...useContext(KeyboardContext).known()].reverse();
  return (
    <Dialog title={t("keys.title")} close={close}>
      {layers.map((layer) => (
        <section key={layer.title} className="keys">
          <h3>{t(layer.title)}</h3>
          <dl>
            {layer.keys.filter((one) => one.shown !== "").map((one) => (
              <div key={one.key}><dt><kbd>{one.shown ?? written(one.key)}</kbd></dt><dd>{t(one.does)}</dd></div>
            ))}
          </dl>
        </section>
      ))}
    </Dialog>
  );
}
