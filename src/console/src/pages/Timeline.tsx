import { type KeyboardEvent, type PointerEvent, useRef, useState } from "react";
import type { ExhibitView, Face } from "../api/types";
import { nearest, type Witness } from "../evidence";
import { mediaTime } from "../i18n/format";
import { useWords } from "../i18n/language";
import { ABSENCE, BREAK, FACE, RULE, STAGE } from "../i18n/terms";
import { useAddresses } from "../unmask";
import type { Span } from "./Player";

type Mark = Span & { readonly tone: string; readonly text: string; readonly shown?: string };
type Lane = { readonly name: string; readonly marks: readonly Mark[]; readonly isPoints?: boolean };

/** What was found when, on one axis. A press goes there; a mark that is pressed is the stretch to loop. */
export function Timeline({ view, exhibitId, duration, at, witnesses, seek, choose }: {
  view: ExhibitView; exhibitId: string; duration: number; at: number; witnesses: readonly Witness[];
  seek: (at: number) => void; choose: (span: Span) => void;
}) {
  const { t } = useWords();
  const { picture: addressOf } = useAddresses();
  const lanes = useLanes(view, witnesses);
  const axis = useRef<HTMLDivElement>(null);
  const [over, setOver] = useState<number | null>(null);
  const timeOf = (event: PointerEvent): number => {
    const box = axis.current!.getBoundingClientRect();
    return Math.min(duration, Math.max(0, ((event.clientX - box.left) / box.width) * duration));
  };
  const picture = over === null ? null : nearest(view.moments, over);
  const share = (time: number) => `${(Math.min(duration, time) / duration) * 100}%`;
  const onKey = (event: KeyboardEvent) => {
    const by = { Home: -duration, End: duration, PageUp: 5, PageDown: -5 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    seek(Math.min(duration, Math.max(0, at + by)));
  };
  return (
    <div className="timeline">
      <div className="names">{lanes.map((lane) => <span key={lane.name}>{lane.name}</span>)}</div>
      <div
        ref={axis} className="axis" role="slider" tabIndex={0} aria-label={t("lane.label")} aria-valuemin={0}
        aria-valuemax={duration} aria-valuenow={at} aria-valuetext={mediaTime(at, true)} onKeyDown={onKey}
        onPointerDown={(event) => { seek(timeOf(event)); event.currentTarget.setPointerCapture(event.pointerId); }}
        onPointerMove={(event) => { setOver(timeOf(event)); if (event.buttons === 1) seek(timeOf(event)); }}
        onPointerLeave={() => setOver(null)}
      >
        {lanes.filter((lane) => lane.marks.length > 0).map((lane) => (
          <div key={lane.name} className="lane">
            {lane.marks.map((mark, place) => (
              <span
                key={place} className={`${lane.isPoints ? "point" : "stretch"} ${mark.tone}`} title={`${mark.text} · ${times(mark)}`}
                style={{ left: share(mark.from), width: lane.isPoints ? undefined : share(mark.to - mark.from) }}
                onClick={() => choose(mark)}
              >
                {mark.shown ? <em>{mark.shown}</em> : null}
              </span>
            ))}
          </div>
        ))}
        {view.quality ? <Sharpness values={view.quality.sharpness} step={view.quality.step_s} duration={duration} /> : null}
        <i className="now" style={{ left: share(at) }} />
        {over !== null ? <i className="over" style={{ left: share(over) }} /> : null}
        {over !== null && picture ? (
          <figure className="preview" style={{ left: `clamp(0px, calc(${share(over)} - 80px), calc(100% - 160px))` }}>
            <img src={addressOf(exhibitId, picture.image)} alt="" />
            <figcaption>{mediaTime(over)}</figcaption>
          </figure>
        ) : null}
      </div>
    </div>
  );
}

const times = (span: Span): string =>
  span.to - span.from < 0.05 ? mediaTime(span.from) : `${mediaTime(span.from)}–${mediaTime(span.to)}`;

function useLanes(view: ExhibitView, witnesses: readonly Witness[]): readonly Lane[] {
  const { t, term, language } = useWords();
  const span = (one: { from_s: number; to_s: number }) => ({ from: one.from_s, to: one.to_s });
  const faces = Object.entries(view.faces) as [Face, ExhibitView["faces"][Face]][];
  const all: readonly Lane[] = [
    {
      name: t("lane.takes"),
      marks: [
        ...view.takes.map((one, n) => ({ ...span(one), tone: n % 2 ? "l2" : "l1", text: t("lane.take", { n: n + 1 }) })),
        ...view.breaks.map((one) => ({
          ...span(one), tone: one.certain ? "bad" : "doubt",
          text: `${term(BREAK, one.cause)} · ${t(one.certain ? "lane.certain" : "lane.doubtful")}`,
        })),
      ],
    },
    {
      name: t("lane.stages"),
      marks: view.stages.map((one) => ({
        ...span(one), tone: `stage ${one.stage}`, text: term(STAGE, one.stage), shown: term(STAGE, one.stage),
      })),
    },
    {
      name: t("lane.faces"), isPoints: true,
      marks: faces.flatMap(([face, one]) =>
        one?.best_s == null ? [] : [{ from: one.best_s, to: one.best_s, tone: one.answer, text: term(FACE, face), shown: term(FACE, face).slice(0, language === "zh" ? 1 : 2) }]),
    },
    { name: t("lane.codes"), marks: view.codes.map((one) => ({ ...span(one), tone: "l3", text: `${one.format} ${one.text}` })) },
    { name: t("lane.absences"), marks: view.absences.map((one) => ({ ...span(one), tone: "doubt", text: term(ABSENCE, one.reason) })) },
    {
      name: t("lane.witness"),
      marks: witnesses.filter((one) => one.answer !== "met").map((one) => ({
        from: one.from, to: Math.max(one.to, one.from), tone: one.answer === "not_met" ? "bad" : "doubt", text: term(RULE, one.code),
      })),
    },
  ];
  const kept = all.filter((lane) => lane.marks.length > 0);
  return view.quality ? [...kept, { name: t("lane.sharpness"), marks: [] }] : kept;
}

/** Sharpness over time; where there was nothing to judge by the line is flat. */
function Sharpness({ values, step, duration }: { values: readonly number[]; step: number; duration: number }) {
  const points = values.map((value, place) => `${((place + 0.5) * step / duration) * 100},${20 - Math.max(0, value) * 18}`);
  return (
    <svg className="sharpness" viewBox="0 0 100 20" preserveAspectRatio="none" aria-hidden="true">
      <polygon points={`0,20 ${points.join(" ")} 100,20`} />
    </svg>
  );
}
