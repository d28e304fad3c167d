import type { ComponentChildren } from "preact";
import { Icon } from "../ui/Icon";

export function AccountPage({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <main class="account">
      <div class="account-card">
        <p class="brand">
          <Icon name="mark" /> Gantry Edge
        </p>
        <h1>{title}</h1>
        {children}
      </div>
    </main>
  );
}
