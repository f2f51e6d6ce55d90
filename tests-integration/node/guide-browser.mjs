// The browser of step 4 of the guide, opened once: takes addresses on standard input, a line each. For each, a person logs in where the page
// asks for it, allows the request, and reads the code that the page shows: prints a line "CODE <code>".
import { createInterface } from 'node:readline';
import { allow, fillLogin, newPage, run } from './person.mjs';

await run(async browser => {
  const page = await newPage(await browser.newContext());
  const password = page.getByLabel(/password/i);
  const approve = page.locator('button[value=approve]');
  const code = page.getByLabel('Authorization code');
  const logins = [];
  for await (const address of createInterface({ input: process.stdin })) {
    await page.goto(address);
    await password.or(approve).or(code).first().waitFor();
    logins.push(await password.isVisible());
    if (logins.at(-1)) {
      await fillLogin(page);
      await page.keyboard.press('Enter');
      await approve.or(code).first().waitFor();
    }
    // The user may have allowed the same request before: then the code is there at once.
    if (!await code.isVisible()) await allow(page);
    console.log(`CODE ${await code.inputValue()}`);
  }
  return { logins };
});
