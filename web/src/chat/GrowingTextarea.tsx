import type { Ref } from "preact";
import { useImperativeHandle, useLayoutEffect, useRef } from "preact/hooks";
import { sendKey } from "../state/prefs";
import { touch } from "../ui/media";

interface TextareaProps {
  label: string;
  value: string;
  onChange: (text: string) => void;
  onEnter: () => void;
  placeholder?: string;
  area?: Ref<HTMLTextAreaElement>;
}

const growsByItself = CSS.supports("field-sizing", "content");

/** As high as its text; the style sheet says how high at most. */
export function GrowingTextarea(props: TextareaProps) {
  const { label, value, onChange, onEnter, placeholder, area = null } = props;
  const own = useRef<HTMLTextAreaElement>(null);
  useImperativeHandle(area, () => own.current!, []);
  useLayoutEffect(() => {
    if (growsByItself) return;
    own.current!.style.height = "auto";
    own.current!.style.height = `${own.current!.scrollHeight}px`;
  }, [value]);
  return (
    <textarea
      ref={own}
      class="growing"
      rows={1}
      aria-label={label}
      placeholder={placeholder}
      maxLength={1_000_000}
      value={value}
      onInput={(event) => onChange(event.currentTarget.value)}
      onKeyDown={(event) => {
        // Enter also ends the composition of a Japanese or Chinese word; Safari says so by the code only.
        const composing = event.isComposing || event.keyCode === 229;
        const control = event.ctrlKey || event.metaKey;
        const plain = sendKey.peek() === "enter" && !event.shiftKey && !touch.matches;
        if (event.key !== "Enter" || composing || !(control || plain)) return;
        event.preventDefault();
        onEnter();
      }}
    />
  );
}
