import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { get } from "../api/client";
import type { Queue, WaitingCase } from "../api/types";
import { KIND, REASON, STATE } from "../i18n/codes";
import { type Words, useWords } from "../i18n/language";
import { useKeys } from "../keys";
import { isOf, keepOrder, matches, renewed, stepped, VIEWS, type View } from "../queue";
import { go } from "../router";
import { Kbd, Trouble } from "../ui/parts";
import { Peek } from "./Peek";
import { QueueRow } from "./QueueRow";

const LOOK_MS = 15_000;
const CHOSEN = "sixfaces.queue.chosen";

/** What waits, in the order to look at it. */
export function QueuePage() {
  const words = useWords();
  const { t } = words;
  const [queue, setQueue] = useState<{ rows: readonly WaitingCase[]; next: string | null } | null>(null);
  const [fresh, setFresh] = useState<readonly WaitingCase[] | null>(null);
  const [error, setError] = useState<Error | null>(null);
  const [now, setNow] = useState(() => new Date());
  const [view, setView] = useState<View>("all");
  const [typed, setTyped] = useState("");
  const [chosen, setChosen] = useState<string | null>(() => sessionStorage.getItem(CHOSEN));
  const search = useRef<HTMLInputElement>(null);
  const count = useRef(0);

  const load = useCallback(async (isFirst: boolean) => {
    try {
      const pages = await newest(count.current);
      setError(null);
      setNow(new Date(pages.now));
      if (isFirst) setQueue({ rows: pages.items, next: pages.next });
      else setFresh(pages.items);
    } catch (told) {
      setError(told as Error);
    }
  }, []);
  useEffect(() => { void load(true); }, [load]);
  useEffect(() => {
    const timer = setInterval(() => { if (!document.hidden) void load(false); }, LOOK_MS);
    return () => clearInterval(timer);
  }, [load]);

  const shown = useMemo(() => renewed(queue?.rows ?? [], fresh ?? queue?.rows ?? []), [queue, fresh]);
  count.current = queue?.rows.length ?? 0;
  const listed = useMemo(
    () => shown.rows.filter((one) => isOf(view, one) && matches(typed, textsOf(one, words))),
    [shown, view, typed, words],
  );
  const ids = listed.map((one) => one.id);
  const current = listed.find((one) => one.id === chosen) ?? null;
  const choose = (id: string | null) => {
    setChosen(id);
    if (id) sessionStorage.setItem(CHOSEN, id);
  };
  const open = (id: string) => {
    choose(id);
    keepOrder(ids);
    go(`review/cases/${id}`);
  };
  const older = async () => {
    if (!queue?.next) return;
    try {
      const page = await get<Queue>(`v1/review-queue?limit=50&cursor=${encodeURIComponent(queue.next)}`);
      setQueue({ rows: [...shown.rows, ...page.items], next: page.next });
      setFresh(null);
    } catch (told) {
      setError(told as Error);
    }
  };
  const putInOrder = () => {
    if (fresh) setQueue((was) => ({ rows: fresh, next: was?.next ?? null }));
    setFresh(null);
  };
  const step = (by: number) => choose(stepped(ids, chosen, by));
  useKeys("keys.here", [
    { key: "j", does: "keys.next", shown: "j ↓", run: () => step(1) },
    { key: "ArrowDown", does: "keys.next", shown: "", run: () => step(1) },
    { key: "k", does: "keys.previous", shown: "k ↑", run: () => step(-1) },
    { key: "ArrowUp", does: "keys.previous", shown: "", run: () => step(-1) },
    { key: "Enter", does: "keys.open", run: () => { if (current) open(current.id); } },
    { key: "o", does: "keys.open", shown: "", run: () => { if (current) open(current.id); } },
    { key: "/", does: "keys.search", run: () => search.current?.focus() },
    { key: "r", does: "keys.reorder", run: putInOrder },
    ...VIEWS.map((one, place) => ({
      key: String(place + 1), does: "keys.filterBy" as const, shown: place === 0 ? `1–${VIEWS.length}` : "",
      run: () => setView(one),
    })),
    { key: "Escape", does: "queue.clear", run: () => { setTyped(""); setView("all"); search.current?.blur(); } },
  ]);
  useEffect(() => {
    document.title = `${t("queue.title")} · sixfaces`;
  }, [t]);
  useEffect(() => {
    document.getElementById(`case-${chosen}`)?.scrollIntoView({ block: "nearest" });
  }, [chosen]);

  return (
    <main id="content" className="queue">
      <div className="bar">
        <h1>{t("queue.title")}</h1>
        <div className="views" role="group" aria-label={t("keys.filterBy")}>
          {VIEWS.map((one) => (
            <button key={one} type="button" aria-pressed={view === one} onClick={() => setView(one)}>
              {t(`queue.${one}`)} <span className="n">{shown.rows.filter((row) => isOf(one, row)).length}</span>
            </button>
          ))}
        </div>
        <div className="grow" />
        {shown.changes > 0 ? (
          <button type="button" className="fresh" onClick={putInOrder}>{t("queue.fresh", { n: shown.changes })} <Kbd>r</Kbd></button>
        ) : null}
        <div className="search">
          <input
            ref={search} type="search" value={typed} placeholder={t("queue.filter")} aria-label={t("queue.filter")}
            onChange={(event) => setTyped(event.target.value)}
            onKeyDown={(event) => { if (event.key === "Enter") { step(1); search.current?.blur(); } }}
          />
          <Kbd>/</Kbd>
        </div>
      </div>
      {error ? <Trouble error={error} again={() => void load(queue === null)} /> : null}
      <div className="split">
        <div className="scroll">
          <table aria-label={t("queue.title")} aria-describedby="order" aria-busy={queue === null}>
            <thead>
              <tr>
                <th scope="col">{t("queue.column.clock")}</th>
                <th scope="col">{t("queue.column.verdict")}</th>
                <th scope="col">{t("queue.column.item")}</th>
                <th scope="col" className="num">{t("queue.column.value")}</th>
                <th scope="col">{t("queue.column.case")}</th>
                <th scope="col" className="wide">{t("queue.column.opened")}</th>
              </tr>
            </thead>
            <tbody>
              {listed.map((one) => (
                <QueueRow
                  key={one.id} row={one} now={now} isChosen={one.id === chosen} isGone={shown.gone.has(one.id)}
                  choose={() => choose(one.id)} open={() => open(one.id)}
                />
              ))}
            </tbody>
          </table>
          {queue !== null && listed.length === 0 ? (
            <div className="empty">
              <p>{t(shown.rows.length ? "queue.noMatch" : "queue.empty")}</p>
              {shown.rows.length ? null : <p className="muted">{t("queue.emptyWhy")}</p>}
            </div>
          ) : null}
          <footer>
            <span id="order" className="muted">{t("queue.count", { shown: listed.length, all: shown.rows.length })} · {t("queue.order")}</span>
            {queue?.next ? <button type="button" onClick={() => void older()}>{t("queue.older")}</button> : null}
          </footer>
        </div>
        {current ? <Peek row={current} now={now} open={() => open(current.id)} /> : null}
      </div>
      <p className="sr" role="status" aria-live="polite">{current ? textsOf(current, words).filter(Boolean).join(", ") : ""}</p>
    </main>
  );
}

/** The newest cases, as many as are shown. */
async function newest(shown: number): Promise<Queue> {
  return get<Queue>(`v1/review-queue?limit=${Math.min(200, Math.max(50, shown))}`);
}

function textsOf(one: WaitingCase, { term }: Words): readonly (string | null)[] {
  return [
    one.number, one.title, one.category, one.platform, one.kind && term(KIND, one.kind),
    one.reason && term(REASON, one.reason), term(STATE, one.state),
  ];
}
