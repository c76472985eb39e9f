import { type RefObject, useCallback, useEffect, useImperativeHandle, useRef, useState } from "react";
import { FrameTimes, frameBack, frameOn, type Screen } from "../frames";
import { mediaTime } from "../i18n/format";
import { useWords } from "../i18n/language";
import { useKeys } from "../keys";
import { Kbd } from "../ui/parts";

const RATES = [0.1, 0.25, 0.5, 1, 1.5, 2, 4] as const;
const SHOWN_MS = 700;

export type Span = { readonly from: number; readonly to: number };
export type Control = { readonly seek: (at: number) => void };

/** The footage. Every time that it tells is that of the frame on the screen. */
export function Player({ source, duration, span, stops, onTime, control }: {
  source: string; duration: number; span: Span | null; stops: readonly number[];
  onTime: (at: number) => void; control: RefObject<Control | null>;
}) {
  const { t } = useWords();
  const video = useRef<HTMLVideoElement>(null);
  const times = useRef(new FrameTimes());
  const at = useRef(0);
  const isStepping = useRef(false);
  const [shown, setShown] = useState(0);
  const [rate, setRate] = useState<number>(1);
  const [isLooping, setLooping] = useState(false);
  const [isPlaying, setPlaying] = useState(false);
  const [hasFailed, setFailed] = useState(false);

  const tell = useCallback((time: number) => {
    at.current = time;
    setShown(time);
    onTime(time);
  }, [onTime]);

  useEffect(() => {
    const element = video.current;
    if (!element) return;
    let handle = 0;
    const onFrame: VideoFrameRequestCallback = (_now, frame) => {
      if (!isStepping.current) tell(frame.mediaTime);
      handle = element.requestVideoFrameCallback(onFrame);
    };
    handle = element.requestVideoFrameCallback(onFrame);
    return () => element.cancelVideoFrameCallback(handle);
  }, [tell]);
  useEffect(() => { if (video.current) video.current.playbackRate = rate; }, [rate]);
  useEffect(() => {
    if (!isLooping || !span || !video.current) return;
    const element = video.current;
    const to = Math.max(span.to, span.from + 0.5);
    const turn = () => { if (element.currentTime >= to) element.currentTime = span.from; };
    if (element.currentTime < span.from || element.currentTime > to) element.currentTime = span.from;
    element.addEventListener("timeupdate", turn);
    return () => element.removeEventListener("timeupdate", turn);
  }, [isLooping, span]);

  const seek = useCallback((time: number) => {
    if (!video.current) return;
    video.current.currentTime = Math.min(duration, Math.max(0, time + 0.0005));
    tell(Math.max(0, time));
  }, [duration, tell]);
  useImperativeHandle(control, () => ({ seek }), [seek]);

  const toggle = () => {
    const element = video.current;
    if (element) void (element.paused ? element.play().catch(() => undefined) : element.pause());
  };
  const step = async (by: 1 | -1) => {
    const element = video.current;
    if (!element || isStepping.current) return;
    element.pause();
    isStepping.current = true;
    try {
      const screen = screenOf(element);
      const next = by > 0
        ? await frameOn(screen, times.current, at.current, duration)
        : await frameBack(screen, times.current, at.current);
      tell(next);
    } finally {
      isStepping.current = false;
    }
  };
  const jump = (by: number) => seek(at.current + by);
  const faster = (by: number) => setRate((was) => RATES[Math.min(RATES.length - 1, Math.max(0, RATES.indexOf(was as 1) + by))]!);
  const toStop = (by: 1 | -1) => {
    const next = by > 0 ? stops.find((one) => one > at.current + 0.02) : [...stops].reverse().find((one) => one < at.current - 0.02);
    if (next !== undefined) seek(next);
  };
  useKeys("case.exhibits", [
    { key: "Space", does: "player.play", run: toggle },
    { key: "ArrowLeft", does: "player.frameBack", shown: "← ,", run: () => void step(-1) },
    { key: ",", does: "player.frameBack", shown: "", run: () => void step(-1) },
    { key: "ArrowRight", does: "player.frameOn", shown: "→ .", run: () => void step(1) },
    { key: ".", does: "player.frameOn", shown: "", run: () => void step(1) },
    { key: "Shift+ArrowLeft", does: "player.secondBack", run: () => jump(-1) },
    { key: "Shift+ArrowRight", does: "player.secondOn", run: () => jump(1) },
    { key: "[", does: "player.slower", run: () => faster(-1) },
    { key: "]", does: "player.faster", run: () => faster(1) },
    { key: "l", does: "player.loop", run: () => setLooping((was) => !was) },
    { key: "n", does: "player.witnessOn", run: () => toStop(1) },
    { key: "p", does: "player.witnessBack", run: () => toStop(-1) },
  ]);
  return (
    <figure className="player">
      {/* What was filmed has no captions, and its sound is not judged. */}
      <video
        ref={video} src={source} preload="auto" muted playsInline tabIndex={-1} onClick={toggle}
        onPlay={() => setPlaying(true)} onPause={() => setPlaying(false)} onError={() => setFailed(true)}
      />
      {hasFailed ? <p className="over">{t("player.failed")} · <a href={source} download>{t("player.download")}</a></p> : null}
      <figcaption>
        <button type="button" className="plain" onClick={toggle} aria-label={t("player.play")} title={`${t("player.play")} ␣`}>{isPlaying ? "❚❚" : "▶"}</button>
        <button type="button" className="plain" onClick={() => void step(-1)} aria-label={t("player.frameBack")} title={`${t("player.frameBack")} ←`}>◂❙</button>
        <button type="button" className="plain" onClick={() => void step(1)} aria-label={t("player.frameOn")} title={`${t("player.frameOn")} →`}>❙▸</button>
        <output className="time" aria-label={t("lane.label")}>{mediaTime(shown, true)}<span className="muted"> / {mediaTime(duration)}</span></output>
        <div className="grow" />
        <button type="button" className="plain" onClick={() => toStop(-1)} title={t("player.witnessBack")} aria-label={t("player.witnessBack")}>‹ <Kbd>p</Kbd></button>
        <span className="muted">{t("lane.witness")}</span>
        <button type="button" className="plain" onClick={() => toStop(1)} title={t("player.witnessOn")} aria-label={t("player.witnessOn")}><Kbd>n</Kbd> ›</button>
        <button type="button" className="plain" aria-pressed={isLooping} disabled={!span} onClick={() => setLooping(!isLooping)} title={t("player.loop")} aria-label={t("player.loop")}>↻</button>
        <button type="button" className="plain" onClick={() => faster(-1)} aria-label={t("player.slower")} title={`${t("player.slower")} [`}>−</button>
        <span className="rate">{rate}×</span>
        <button type="button" className="plain" onClick={() => faster(1)} aria-label={t("player.faster")} title={`${t("player.faster")} ]`}>+</button>
      </figcaption>
    </figure>
  );
}

/** A frame that is already shown is not presented again: then the time is what it was asked for. */
function screenOf(element: HTMLVideoElement): Screen {
  let last: number | null = null;
  return {
    show: (time) =>
      new Promise((resolve) => {
        let timer: ReturnType<typeof setTimeout> | undefined;
        const handle = element.requestVideoFrameCallback((_now, frame) => {
          clearTimeout(timer);
          last = frame.mediaTime;
          resolve(frame.mediaTime);
        });
        const onSeeked = () => {
          timer = setTimeout(() => {
            element.cancelVideoFrameCallback(handle);
            resolve(last ?? Number.NEGATIVE_INFINITY);
          }, SHOWN_MS / 5);
        };
        element.addEventListener("seeked", onSeeked, { once: true });
        element.currentTime = time;
      }),
  };
}
