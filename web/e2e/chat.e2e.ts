import { expect, test } from "./fixtures";

test("an answer streams, and the conversation gets its place", async ({ chat }) => {
  const { page } = chat;
  await chat.useModel("echo?rate=30");
  await chat.ask("one two three four five six seven eight nine ten eleven twelve");
  await expect(chat.lastAnswer).toContainText("one two");
  await expect(chat.stopButton).toBeVisible();
  await chat.finished();
  await expect(chat.lastAnswer).toHaveText(
    "one two three four five six seven eight nine ten eleven twelve",
  );
  await expect(page).toHaveURL(/\/c\/[0-9a-f-]{36}$/);
  await expect(page.getByRole("link", { name: /^one two three/ })).toBeVisible();
  await page.getByRole("button", { name: "Details" }).click();
  await expect(page.locator(".details")).toContainText("tokens/s");
});

test("Stop ends the answer and keeps what it has; Continue goes on in place", async ({ chat }) => {
  await chat.useModel("say?tokens=400&rate=50");
  await chat.ask("Talk");
  await expect(chat.lastAnswer).toContainText(/\w/);
  await chat.page.waitForTimeout(500);
  await chat.stopButton.click();
  await chat.finished();
  const stopped = await chat.stored();
  expect(stopped.status).toBe("stopped");
  expect(stopped.text.length).toBeGreaterThan(20);
  await chat.page.getByRole("button", { name: "Continue" }).click();
  await expect(chat.stopButton).toBeVisible();
  await chat.finished();
  const whole = await chat.stored();
  expect(whole.status).toBe("done");
  expect(whole.text.startsWith(stopped.text)).toBe(true);
  await expect(chat.answers).toHaveCount(1);
});

test("an answer can be stopped before its first word", async ({ chat }) => {
  await chat.useModel("say?tokens=50&wait=20");
  await chat.ask("Talk");
  await chat.stopButton.click();
  await chat.finished();
  await expect(chat.page.getByText("You stopped this answer.")).toBeVisible();
});

test("regenerating makes a version beside the old one", async ({ chat }) => {
  const { page } = chat;
  await chat.useModel("say?tokens=20&seed=1");
  await chat.ask("Again");
  await chat.finished();
  const first = (await chat.lastAnswer.textContent()) ?? "";
  await chat.useModel("say?tokens=20&seed=2");
  await page.getByRole("button", { name: "Regenerate" }).click();
  await expect(page.getByText("2/2")).toBeVisible();
  await chat.finished();
  await expect(chat.lastAnswer).not.toHaveText(first);
  const second = await chat.lastAnswer.textContent();
  await page.getByRole("button", { name: "Previous version" }).click();
  await expect(page.getByText("1/2")).toBeVisible();
  expect(await chat.lastAnswer.textContent()).toBe(first);
  await page.getByRole("button", { name: "Next version" }).click();
  await expect(page.getByText("2/2")).toBeVisible();
  expect(await chat.lastAnswer.textContent()).toBe(second);
});

test("an edited question is a version too, with its own answers", async ({ chat }) => {
  const { page } = chat;
  await chat.useModel("echo");
  await chat.ask("first question");
  await chat.finished();
  await chat.ask("follow-up");
  await chat.finished();
  await expect(chat.answers).toHaveCount(2);
  const question = page.locator("article.user").first();
  await question.hover();
  await question.getByRole("button", { name: "Edit" }).click();
  await page.getByRole("textbox", { name: "Edit message" }).fill("second question");
  await page.keyboard.press("Enter");
  await expect(chat.answers).toHaveCount(1);
  await expect(chat.lastAnswer).toHaveText("second question");
  await chat.finished();
  await question.hover();
  await question.getByRole("button", { name: "Previous version" }).click();
  await expect(chat.answers).toHaveCount(2);
  await expect(page.locator("article.user").first()).toContainText("first question");
  await page.reload();
  await expect(chat.answers).toHaveCount(2);
});

test("renaming and deleting a conversation", async ({ chat }) => {
  const { page } = chat;
  await chat.useModel("echo");
  await chat.ask("to be renamed");
  await chat.finished();
  const more = page.getByRole("button", { name: /^More for to be renamed/ });
  await more.click();
  await page.getByRole("menuitem", { name: "Rename" }).click();
  await page.getByRole("textbox", { name: "New name" }).fill("Harbour plans");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Harbour plans" })).toBeVisible();
  await expect(page).toHaveTitle(/^Harbour plans/);

  await page.getByRole("button", { name: "More for Harbour plans" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await expect(page.getByRole("link", { name: "Harbour plans" })).toHaveCount(0);
  await expect(page).toHaveURL(`${chat.appliance.address}/`);
});

test("a failed answer says why, and can be tried again", async ({ chat }) => {
  const { page } = chat;
  await chat.useModel("fault?kind=http-401");
  await chat.ask("Fail, please");
  await chat.finished();
  await expect(page.locator(".ending")).toContainText(/key/i);
  await page.getByRole("button", { name: "Try again" }).click();
  await chat.finished();
  await expect(page.locator(".ending")).toContainText(/key/i);
  await expect(chat.answers).toHaveCount(1);
  await chat.useModel("echo");
  await page.getByRole("button", { name: "Regenerate" }).click();
  await expect(chat.lastAnswer).toHaveText("Fail, please");
});

test("a message that cannot be sent stays in the box", async ({ chat }) => {
  const { page } = chat;
  await page.route("**/api/chat", (route) =>
    route.fulfill({
      status: 503,
      contentType: "application/problem+json",
      json: { status: 503, code: "shutting_down", detail: "The server is stopping." },
    }),
  );
  await chat.ask("Keep me");
  await expect(page.getByRole("alert")).toContainText("The server is stopping.");
  await expect(chat.box).toHaveValue("Keep me");
  await page.reload();
  await expect(chat.box).toHaveValue("Keep me");
  await page.unroute("**/api/chat");
  await chat.useModel("echo");
  await chat.box.press("Enter");
  await expect(chat.lastAnswer).toHaveText("Keep me");
  await page.goto(chat.appliance.address);
  await expect(chat.box).toHaveValue("");
});

test("an edit that cannot be sent stays in its editor", async ({ chat, context }) => {
  const { page } = chat;
  await chat.useModel("echo");
  await chat.ask("first question");
  await chat.finished();
  const editor = page.getByRole("textbox", { name: "Edit message" });
  await page.route("**/api/chat", (route) => {
    void context.setOffline(true);
    return route.fulfill({ status: 503, json: { status: 503, detail: "The server is stopping." } });
  });
  await page.locator("article.user").hover();
  await page.getByRole("button", { name: "Edit" }).click();
  await editor.fill("a careful rewrite");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert")).toContainText("The server is stopping.");
  await expect(editor).toHaveValue("a careful rewrite");
  await page.waitForTimeout(300);
  await expect(chat.lastAnswer).toHaveText("first question");
  await page.unroute("**/api/chat");
  await context.setOffline(false);
  await editor.press("Enter");
  await expect(chat.lastAnswer).toHaveText("a careful rewrite");
  await expect(editor).toHaveCount(0);
});

test("markup nested beyond reason leaves the page usable", async ({ chat }) => {
  const { page } = chat;
  await chat.useModel("echo");
  for (const nested of [">".repeat(600), ">".repeat(3000), "- ".repeat(5000)]) {
    await chat.ask(`${nested}end`);
    await chat.finished();
    await expect(chat.lastAnswer).toContainText("end");
  }
  await page.reload();
  await expect(chat.answers).toHaveCount(3);
  await expect(chat.lastAnswer).toContainText("end");
});

test("the focus goes to the message that takes another's place", async ({ chat }) => {
  const { page } = chat;
  const answer = chat.answers.last();
  await chat.useModel("echo");
  await chat.ask("Where am I?");
  await chat.finished();
  await page.getByRole("button", { name: "Regenerate" }).press("Enter");
  await expect(page.getByText("2/2")).toBeVisible();
  await expect(answer).toBeFocused();
  await page.getByRole("button", { name: "Previous version" }).press("Enter");
  await expect(page.getByText("1/2")).toBeVisible();
  await expect(answer).toBeFocused();
  await page.getByRole("button", { name: "Edit" }).press("Enter");
  await page.getByRole("textbox", { name: "Edit message" }).press("Escape");
  await expect(page.locator("article.user")).toBeFocused();
});

test("hostile markup in an answer stays text", async ({ chat }) => {
  const { page } = chat;
  await chat.useModel("echo?rate=100");
  await chat.ask(
    "<img src=x onerror=alert(1)> [x](javascript:alert(1)) ![p](https://tracker.example/p.png) <script>alert(1)</script>",
  );
  page.on("dialog", () => expect("a dialog").toBe("never opened"));
  await chat.finished();
  await expect(chat.lastAnswer).toContainText("<script>alert(1)</script>");
  await expect(chat.lastAnswer).toContainText("image: p (tracker.example)");
  await expect(chat.lastAnswer.locator("img, script, a")).toHaveCount(0);
});

test("the view stays at the end unless the reader scrolls up", async ({ chat }) => {
  const { page } = chat;
  await chat.useModel("say?tokens=1500&rate=300");
  await chat.ask("Long");
  const away = () =>
    page
      .locator(".messages")
      .evaluate((box) => box.scrollHeight - box.scrollTop - box.clientHeight);
  await expect(page.locator(".messages")).toHaveJSProperty("scrollTop", 0);
  await page.waitForTimeout(2500);
  expect(await away()).toBeLessThan(60);
  await page.mouse.move(700, 400);
  await page.mouse.wheel(0, -300);
  await expect(page.getByRole("button", { name: "Jump to latest" })).toBeVisible();
  await page.waitForTimeout(500);
  expect(await away()).toBeGreaterThan(200);
  await page.getByRole("button", { name: "Jump to latest" }).click();
  await chat.finished();
  await page.waitForTimeout(200);
  expect(await away()).toBeLessThan(60);
});
