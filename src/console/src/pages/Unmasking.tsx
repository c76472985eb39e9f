import { useState } from "react";
import { useWords } from "../i18n/language";
import { UNMASK } from "../i18n/codes";
import { useKeys } from "../keys";
import { useSession } from "../session";
import { Dialog, Kbd } from "../ui/parts";
import { REASONS, type UnmaskReason } from "../unmask";

/** Who may not see names and numbers says why they must, or is told that they may not. */
export function Unmasking({ reason, setReason }: { reason: UnmaskReason | null; setReason: (reason: UnmaskReason | null) => void }) {
  const { t, term } = useWords();
  const session = useSession();
  const [isAsking, setAsking] = useState(false);
  const may = session?.may_unmask ?? false;
  useKeys("app.masked", [{ key: "m", does: "unmask.title", run: () => (reason ? setReason(null) : setAsking(true)) }], may);
  if (!may) return null;
  return (
    <>
      {reason ? (
        <button type="button" aria-pressed onClick={() => setReason(null)}>{t("unmask.shown", { reason: term(UNMASK, reason) })} <Kbd>m</Kbd></button>
      ) : (
        <button type="button" onClick={() => setAsking(true)}>{t("unmask.title")} <Kbd>m</Kbd></button>
      )}
      {isAsking ? (
        <Dialog title={t("unmask.why")} close={() => setAsking(false)}>
          <p className="muted">{t("unmask.hint")}</p>
          <ul className="choices">
            {REASONS.map((one) => (
              <li key={one}><button type="button" onClick={() => { setReason(one); setAsking(false); }}>{term(UNMASK, one)}</button></li>
            ))}
          </ul>
        </Dialog>
      ) : null}
    </>
  );
}
