import { t } from "../language/t";
import { IconButton } from "./Button";
import { Icon } from "./Icon";

interface SearchProps {
  label: string;
  value: string;
  maxLength: number;
  /** `at once`: without waiting for the next letter. */
  onSearch: (text: string, atOnce: boolean) => void;
}

export function SearchBox({ label, value, maxLength, onSearch }: SearchProps) {
  return (
    <form
      class="search"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        onSearch(value, true);
      }}
    >
      <Icon name="search" />
      <input
        type="text"
        inputMode="search"
        enterKeyHint="search"
        aria-label={label}
        placeholder={label}
        maxLength={maxLength}
        value={value}
        onInput={(event) => onSearch(event.currentTarget.value, false)}
        onKeyDown={(event) => {
          if (event.key === "Escape") onSearch("", true);
        }}
      />
      {value && (
        <IconButton
          icon="close"
          label={t("Clear search")}
          onClick={(event) => {
            const box = event.currentTarget.form;
            onSearch("", true);
            box?.querySelector("input")?.focus();
          }}
        />
      )}
    </form>
  );
}
