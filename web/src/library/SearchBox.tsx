import { searchFor, searchText } from "../state/librarySearch";
import { IconButton } from "../ui/Button";
import { Icon } from "../ui/Icon";

export function SearchBox({ collectionId }: { collectionId: string | null }) {
  const text = searchText.value;
  return (
    <form
      class="library-search"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        searchFor(text, collectionId, 0);
      }}
    >
      <Icon name="search" />
      <input
        type="text"
        inputMode="search"
        enterKeyHint="search"
        aria-label="Search in documents"
        placeholder="Search in documents"
        maxLength={1000}
        value={text}
        onInput={(event) => searchFor(event.currentTarget.value, collectionId)}
        onKeyDown={(event) => {
          if (event.key === "Escape") searchFor("", collectionId);
        }}
      />
      {text && (
        <IconButton
          icon="close"
          label="Clear search"
          onClick={(event) => {
            const box = event.currentTarget.form;
            searchFor("", collectionId);
            box?.querySelector("input")?.focus();
          }}
        />
      )}
    </form>
  );
}
