import { type FormEvent, useState } from "react";
import { ask } from "../api/client";
import type { SessionView } from "../api/types";
import { useWords } from "../i18n/language";
import { Trouble } from "../ui/parts";

/** The one place where a key is typed. It is sent once and kept nowhere in the page. */
export function SignIn({ wasOver, done }: { wasOver: boolean; done: (who: SessionView) => void }) {
  const { t } = useWords();
  const [key, setKey] = useState("");
  const [error, setError] = useState<Error | null>(null);
  const [isBusy, setBusy] = useState(false);
  const signIn = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    try {
      const headers = { authorization: `Bearer ${key.trim()}` };
      const { body } = await ask<SessionView>("v1/session", { method: "POST", headers });
      setKey("");
      done(body);
    } catch (told) {
      setError(told as Error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <main id="content" className="alone">
      <form className="panel signIn" onSubmit={(event) => void signIn(event)}>
        <h1>{t("signIn.title")}</h1>
        {wasOver && !error ? <p className="notice" role="status">{t("signIn.over")}</p> : null}
        <label htmlFor="key">{t("signIn.key")}</label>
        <input
          id="key" type="password" value={key} autoComplete="current-password" autoFocus required
          spellCheck={false} aria-describedby="keyHint" onChange={(event) => setKey(event.target.value)}
        />
        <p id="keyHint" className="muted">{t("signIn.hint")}</p>
        {error ? <Trouble error={error} /> : null}
        <button type="submit" className="primary" disabled={isBusy || !key.trim()}>{t("signIn.do")}</button>
      </form>
    </main>
  );
}
