import { expect, test } from "./fixtures";
import { shoot } from "./shoot";

const FORMULAS = String.raw`The Gaussian integral with $x \in \mathbb{R}$ and $\hat{\theta}_{n}$:

$$
\int_{-\infty}^{\infty} e^{-x^2}\,dx = \sqrt{\pi} \qquad \sum_{k=1}^{n} \frac{1}{k^2} \le \left(\frac{\pi^2}{6}\right)
$$

\[
A = \begin{pmatrix} a_{11} & a_{12} & \cdots \\ a_{21} & a_{22} & \cdots \\ \vdots & \vdots & \ddots \end{pmatrix}, \quad
f(x) = \begin{cases} x^2 & x \ge 0 \\ -x & \text{otherwise} \end{cases}
\]

\begin{align} a &= b \end{align}

$$\begin{aligned} \nabla \cdot \mathbf{E} &= \frac{\rho}{\varepsilon_0} \\ \nabla \times \mathbf{B} &= \mu_0 \mathbf{J} + \mu_0\varepsilon_0 \frac{\partial \mathbf{E}}{\partial t} + \oint_{\partial S} \vec{v} \cdot d\vec{\ell} + \cancel{x} + \boxed{y} \end{aligned}$$

It costs $5 or $10. Not closed: $\frac{1$ and inline $\frac{a}{b} + \mathcal{L}\{f\}(s) = \int_0^\infty f(t)e^{-st}\,dt + \underbrace{x + y + z + w}_{\text{much too long for a phone}}$ in a sentence.`;

test("formulas", async ({ chat }) => {
  await chat.useModel("echo");
  await chat.ask(FORMULAS);
  await chat.finished();
  await chat.page.waitForTimeout(1000);
  await shoot(chat.page, "formulas", () =>
    chat.lastAnswer.evaluate((answer) => answer.scrollIntoView()),
  );
});

const KINDS = String.raw`Text with a note[^1] and a [link](https://example.org), and then a table:

| Port | Ships | Share |
|:-----|:-----:|------:|
| Falmouth | 12 | 34.5 % |
| A harbour with a name that is much longer than all of the others are | 3 | 8.6 % |

- [x] done
- [ ] to do

~~~python
def greet(name: str) -> str:
    return f"Hello, {name}, and a line that is long enough to run out of the column on a phone and on a desk"
~~~

~~~mermaid
graph LR
  A[Question] --> B{Known?}
  B -->|yes| C[Answer]
  B -->|no| D[Search the vault]
  D --> C
~~~

~~~html
<h1>Tide table</h1><p>High water at <b>06:12</b>.</p><button onclick="this.textContent = 'Pressed'">Press</button>
~~~

[^1]: The note at the bottom, with its way back.`;

test("kinds of blocks, and previews", async ({ chat }) => {
  const { page } = chat;
  await chat.useModel("echo");
  await chat.ask(KINDS);
  await chat.finished();
  await shoot(page, "blocks", () => chat.lastAnswer.evaluate((answer) => answer.scrollIntoView()));
  for (const button of await page.getByRole("button", { name: "Preview" }).all())
    await button.click();
  await page.waitForTimeout(3000);
  await shoot(page, "previews", async () => {
    // In new colours it is drawn anew.
    await expect(page.frameLocator("iframe").first().locator("svg")).toBeVisible();
    await page
      .locator("iframe")
      .first()
      .evaluate((frame) => frame.scrollIntoView({ block: "center" }));
    // What was out of sight is painted a little later.
    await page.waitForTimeout(400);
  });
  await page.getByRole("button", { name: "Full screen" }).last().click();
  await page.waitForTimeout(1000);
  await shoot(page, "preview-whole");
});
