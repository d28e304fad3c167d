import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { t } from "../language/t";
import { openId } from "../state/chat";
import { path } from "../state/route";
import { lookForShared, shared, sharedOf, sharing } from "../state/shared";
import { listState, refresh, refreshNextDay, sections } from "../state/lists";
import { chosen } from "../state/selection";
import { Button } from "../ui/Button";
import { Icon } from "../ui/Icon";
import { lazy } from "../ui/lazy";
import { dragged } from "./dragging";
import { inView, place } from "./layout";
import { ListSection } from "./ListSection";
import { useListKeys } from "./listKeys";
import { moving } from "./moving";
import "./list.css";

/** Rows that are drawn above and below what is in view. */
const MORE = 8;
const PAUSE = 50;

const Blank = () => null;
const ChoosingBar = lazy(() => import("./ChoosingBar").then((m) => m.ChoosingBar), Blank);
const MoveDialog = lazy(() => import("./MoveDialog").then((m) => m.MoveDialog), Blank);
const ShareDialog = lazy(() => import("../sharing/ShareDialog").then((m) => m.ShareDialog), Blank);
const DropPlaces = lazy(() => import("./DropPlaces").then((m) => m.DropPlaces), Blank);

/** As long as the person's history, and drawn as far as it is looked at. */
export function ConversationList() {
  const box = useRef<HTMLDivElement>(null);
  const probe = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 0, row: 0 });
  const { placed, rows } = place(sections.value);
  const first = Math.max(0, Math.floor(view.top / (view.row || 1)) - MORE);
  const last = Math.ceil((view.top + view.height) / (view.row || 1)) + MORE;
  const keys = useListKeys(box, placed, view.row);

  const look = () => {
    const { scrollTop: top, clientHeight: height } = box.current!;
    setView({ top, height, row: probe.current!.offsetHeight });
  };
  useLayoutEffect(() => {
    const watch = new ResizeObserver(() => box.current && look());
    watch.observe(box.current!);
    watch.observe(probe.current!);
    document.addEventListener("visibilitychange", refreshNextDay);
    if (!shared.peek()) lookForShared();
    return () => {
      watch.disconnect();
      document.removeEventListener("visibilitychange", refreshNextDay);
    };
  }, []);

  const drawn = view.row
    ? placed.filter(({ top, section }) => top < last && top + section.count >= first)
    : [];
  // Not every row that is scrolled past is read.
  const timer = useRef(0);
  const reading = drawn
    .map((one) => `${one.section.key} ${inView(one, first, last).join(" ")}`)
    .join(" ");
  const read = () => {
    timer.current = 0;
    for (const one of wanted.current) {
      const [from, to] = inView(one, bounds.current[0], bounds.current[1]);
      if (to > from) void one.section.shelf.ensure(one.section.from + from, one.section.from + to);
    }
  };
  const wanted = useRef(drawn);
  const bounds = useRef([first, last] as [number, number]);
  wanted.current = drawn;
  bounds.current = [first, last];
  useEffect(() => {
    timer.current ||= window.setTimeout(read, PAUSE);
  }, [reading, sections.value]);
  useEffect(() => () => clearTimeout(timer.current), []);

  const failed =
    listState.value === "failed" || drawn.some(({ section }) => section.shelf.failed.value);
  return (
    <>
      {sharedOf("conversation").length > 0 && (
        <a
          class="nav-link new-chat"
          href="/shared"
          aria-current={path.value === "/shared" ? "page" : undefined}
        >
          <Icon name="people" /> {t("Shared with you")}
        </a>
      )}
      {failed && (
        <div class="list-hint" role="alert">
          <p>{t("The conversations could not be read.")}</p>
          <Button onClick={() => void refresh()}>{t("Try again")}</Button>
        </div>
      )}
      {listState.value === "ready" && !rows && (
        <p class="list-hint">{t("Your conversations will be listed here.")}</p>
      )}
      <div
        class={`conversations ${dragged.value ? "dragging" : ""}`}
        ref={box}
        onScroll={look}
        onKeyDown={keys.onKeyDown}
        onFocusIn={keys.onFocusIn}
        aria-busy={listState.value === "loading"}
      >
        <div class="row-probe" ref={probe} />
        <div class="list-rows" style={{ blockSize: `${rows * view.row}px` }}>
          {drawn.map((one) => (
            <ListSection
              key={one.section.key}
              {...one}
              view={inView(one, first, last)}
              row={view.row}
              current={openId.value}
              stop={keys.stop(first, last)}
              kept={keys.kept()}
            />
          ))}
        </div>
      </div>
      {chosen.value && <ChoosingBar />}
      {dragged.value && <DropPlaces />}
      {sharing.value && <ShareDialog {...sharing.value} onClose={() => (sharing.value = null)} />}
      {moving.value && <MoveDialog all={moving.value} />}
    </>
  );
}
