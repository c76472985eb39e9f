import { useEffect, useMemo, useRef, useState } from "react";
import { ask, askIn, get, whenSignedOut } from "./api/client";
import { useLoaded } from "./api/loaded";
import type { SessionView } from "./api/types";
import { LanguageContext, keepLanguage, keptLanguage, wordsOf, type Language } from "./i18n/language";
import { Keyboard, KeyboardContext, useKeys } from "./keys";
import { CasePage } from "./pages/CasePage";
import { QueuePage } from "./pages/QueuePage";
import { SignIn } from "./pages/SignIn";
import { go, useRoute } from "./router";
import { SessionContext } from "./session";
import { keptTheme, nextTheme, wear } from "./theme";
import { Help } from "./ui/Help";

/** Everything: who is signed in, in which language, and which page is seen. */
export function App() {
  const [language, setLanguage] = useState<Language>(keptLanguage);
  const keyboard = useMemo(() => new Keyboard(), []);
  askIn(language);
  useEffect(() => {
    document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
    keepLanguage(language);
  }, [language]);
  useEffect(() => {
    addEventListener("keydown", keyboard.pressed);
    return () => removeEventListener("keydown", keyboard.pressed);
  }, [keyboard]);
  return (
    <LanguageContext value={language}>
      <KeyboardContext value={keyboard}>
        <Frame language={language} setLanguage={setLanguage} />
      </KeyboardContext>
    </LanguageContext>
  );
}

function Frame({ language, setLanguage }: { language: Language; setLanguage: (language: Language) => void }) {
  const { t } = wordsOf(language);
  const [theme, setTheme] = useState(keptTheme);
  const [isHelping, setHelping] = useState(false);
  const [isOver, setOver] = useState(false);
  const [signedIn, setSignedIn] = useState<SessionView | null>(null);
  const first = useLoaded("session", (signal) => get<SessionView>("v1/session", signal));
  const session = signedIn ?? (isOver ? null : first.value);
  const route = useRoute();
  const wasIn = useRef(false);
  wasIn.current ||= session !== null;
  useEffect(() => whenSignedOut(() => { setOver(wasIn.current); setSignedIn(null); }), []);
  const other: Language = language === "zh" ? "en" : "zh";
  const turnTheme = () => { const next = nextTheme(theme); wear(next); setTheme(next); };
  useKeys("keys.everywhere", [
    { key: "?", does: "keys.help", run: () => setHelping(true) },
    { key: "L", does: "keys.language", run: () => setLanguage(other) },
    { key: "T", does: "keys.theme", run: turnTheme },
  ]);
  const signOut = () => {
    void ask("v1/session", { method: "DELETE" }).finally(() => location.reload());
  };
  const isReader = session !== null && session.role !== "station";
  const content = () => {
    if (session === null) {
      if (first.isLoading) return null;
      return <SignIn wasOver={isOver} done={(who) => { setSignedIn(who); setOver(false); }} />;
    }
    if (!isReader) return <main id="content" className="alone"><p>{t("signIn.notReader")}</p></main>;
    if (route.page === "queue") return <QueuePage />;
    if (route.page === "case") return <CasePage key={route.id} id={route.id} />;
    return <main id="content" className="alone"><p>{t("app.missing")}</p></main>;
  };
  return (
    <SessionContext value={session}>
      <a className="skip" href={`${location.pathname}#content`}>{t("app.skip")}</a>
      <header className="top">
        <a className="name" href="review" onClick={(event) => { event.preventDefault(); go("review"); }}>
          <svg viewBox="0 0 32 32" aria-hidden="true"><path className="box" d="M16 2 28 9v14l-12 7L4 23V9z" /><path className="edge" d="M4.5 9.3 16 16l11.5-6.7M16 16v13.5" /></svg>
          sixfaces
        </a>
        {isReader ? (
          <nav><a href="review" aria-current="page" onClick={(event) => { event.preventDefault(); go("review"); }}>{t("app.review")}</a></nav>
        ) : null}
        <div className="grow" />
        {session && !session.sees_personal ? <span className="badge doubt quiet">{t("app.masked")}</span> : null}
        <button type="button" className="plain" onClick={() => setLanguage(other)} aria-label={t("app.languageLabel")} lang={other}>{t("app.language")}</button>
        <button type="button" className="plain" onClick={turnTheme} title={t("app.theme")}>{t(`theme.${theme}`)}</button>
        <button type="button" className="plain" onClick={() => setHelping(true)} aria-label={t("app.keys")} title={t("app.keys")}>?</button>
        {session ? <span className="who" title={session.actor}>{t(`role.${session.role}`)}</span> : null}
        {session?.expires_at ? <button type="button" className="plain" onClick={signOut}>{t("app.signOut")}</button> : null}
      </header>
      {content()}
      {isHelping ? <Help close={() => setHelping(false)} /> : null}
    </SessionContext>
  );
}
