import { type RefObject, useCallback, useContext, useMemo, useState } from "react";
import type { ExhibitView, FiledExhibit, Report } from "../api/types";
import { nearest, stops, witnesses } from "../evidence";
import { bytes, mediaTime } from "../i18n/format";
import { useWords } from "../i18n/language";
import { MOMENT } from "../i18n/terms";
import { useSession } from "../session";
import { Panel } from "../ui/parts";
import { UnmaskContext, useAddresses } from "../unmask";
import { FaceNet } from "./FaceNet";
import { Player, type Control, type Span } from "./Player";
import { Timeline } from "./Timeline";

/** One exhibit: the footage on its axis, the box unfolded, and the moments that matter. */
export function Exhibit({ report, view, filed, span, setSpan, control }: {
  report: Report; view: ExhibitView; filed: FiledExhibit; span: Span | null; setSpan: (span: Span) => void;
  control: RefObject<Control | null>;
}) {
  const { t, term } = useWords();
  const session = useSession();
  const { picture, original } = useAddresses();
  const isUnmasked = useContext(UnmaskContext) !== null;
  const [at, setAt] = useState(0);
  const told = useMemo(() => witnesses(report, view), [report, view]);
  const points = useMemo(() => stops(told), [told]);
  const onTime = useCallback((time: number) => setAt(time), []);
  const duration = view.media?.duration_s ?? view.decode?.covered_s ?? 0;
  const isFilm = view.medium === "video" && duration > 0;
  const mayWatch = (isUnmasked || (session?.sees_personal ?? false)) && filed.erased === null;
  const current = isFilm ? nearest(view.moments, at) : null;
  const seek = (time: number) => { if (control.current) control.current.seek(time); else setAt(time); };
  const media = view.media;
  const fps = media?.fps == null ? null : `${media.fps.toFixed(media.fps % 1 ? 2 : 0)} fps`;
  const size = media ? `${media.width}×${media.height}` : null;
  const facts = [view.name, size, fps, media?.codec, bytes(view.bytes)].filter(Boolean).join(" · ");
  return (
    <>
      {isFilm ? (
        <section className="panel film" aria-label={view.name}>
          {mayWatch ? (
            <Player source={original(filed.id)} duration={duration} span={span} stops={points} onTime={onTime} control={control} />
          ) : (
            <div className="still">
              {current ? <img src={picture(filed.id, current.image)} alt="" /> : null}
              <p className="over">{t(filed.erased ? "player.erased" : session?.may_unmask ? "player.masks" : "player.masked")}</p>
            </div>
          )}
          <Timeline view={view} exhibitId={filed.id} duration={duration} at={at} witnesses={told} seek={seek} choose={setSpan} />
          <p className="facts-line muted">{facts}</p>
        </section>
      ) : null}
      {isFilm ? <Panel title={t("case.faces")}><FaceNet view={view} exhibitId={filed.id} seek={seek} /></Panel> : null}
      {view.moments.length > 0 ? (
        <Panel title={t(isFilm ? "case.moments" : "case.photos")}>
          <ul className="moments">
            {view.moments.map((one) => (
              <li key={one.image}>
                <button type="button" aria-current={one === current} onClick={() => seek(one.at_s)}>
                  <img src={picture(filed.id, one.image)} alt={`${mediaTime(one.at_s)} ${term(MOMENT, one.label)}`} loading="lazy" />
                  <span>{isFilm ? mediaTime(one.at_s) : ""} {term(MOMENT, one.label)}</span>
                </button>
              </li>
            ))}
          </ul>
        </Panel>
      ) : null}
    </>
  );
}
