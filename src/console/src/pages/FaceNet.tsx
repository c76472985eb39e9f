import { useState } from "react";
import type { ExhibitView, Face } from "../api/types";
import { mediaTime } from "../i18n/format";
import { useWords } from "../i18n/language";
import { FACE } from "../i18n/terms";
import { useKeys } from "../keys";
import { Dialog, Mark } from "../ui/parts";
import { useAddresses } from "../unmask";

const FACES: readonly Face[] = ["top", "left", "front", "right", "back", "bottom"];

/** The box unfolded, each face at its best moment. */
export function FaceNet({ view, exhibitId, seek }: { view: ExhibitView; exhibitId: string; seek: (at: number) => void }) {
  const { t, term } = useWords();
  const { picture } = useAddresses();
  const [large, setLarge] = useState<Face | null>(null);
  const seen = FACES.filter((face) => view.faces[face]?.image);
  useKeys("case.faces", [{ key: "f", does: "keys.zoom", run: () => setLarge(seen[0] ?? null) }], seen.length > 0);
  if (Object.keys(view.faces).length === 0) return <p className="pad muted">{t("case.facesNone")}</p>;
  const shown = large === null ? null : view.faces[large];
  const turn = (by: number) => setLarge((was) => (was === null ? null : seen[(seen.indexOf(was) + by + seen.length) % seen.length]!));
  return (
    <div className="net">
      {FACES.map((face) => {
        const one = view.faces[face];
        const name = term(FACE, face);
        const why = one?.answer === "not_met" ? t("case.notSeen") : t("case.unknownFace");
        return one?.image ? (
          <button key={face} type="button" className={`cell face-${face}`} onClick={() => { setLarge(face); if (one.best_s !== null) seek(one.best_s); }}>
            <img src={picture(exhibitId, one.image)} alt={name} loading="lazy" />
            <span className="told"><Mark code={one.answer} /> {name} <span className="when">{one.best_s === null ? "" : mediaTime(one.best_s)}</span></span>
          </button>
        ) : (
          <div key={face} className={`cell face-${face} missing ${one?.answer ?? "cannot_tell"}`}>
            <span className="why"><Mark code={one?.answer ?? "cannot_tell"} /> {why}</span><span className="told">{name}</span>
          </div>
        );
      })}
      {large !== null && shown?.image ? (
        <Dialog wide title={`${term(FACE, large)} · ${shown.best_s === null ? "" : mediaTime(shown.best_s, true)}`} close={() => setLarge(null)}>
          <div className="large" onKeyDown={(event) => { if (event.key === "ArrowRight") turn(1); if (event.key === "ArrowLeft") turn(-1); }}>
            <button type="button" onClick={() => turn(-1)} aria-label={t("keys.previous")}>←</button>
            <img src={picture(exhibitId, shown.image)} alt={term(FACE, large)} />
            <button type="button" onClick={() => turn(1)} aria-label={t("keys.next")}>→</button>
          </div>
        </Dialog>
      ) : null}
    </div>
  );
}
