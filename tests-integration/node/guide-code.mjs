// The browser that step 4 of the guide opens: a person logs in, allows the request, and reads the code that the page shows.
import { allow, fillLogin, newPage, run } from './person.mjs';

await run(async browser => {
  const page = await newPage(await browser.newContext());
  await page.goto(process.argv[3]);
  await fillLogin(page);
  await page.keyboard.press('Enter');
  // The user may have allowed the same request before: then the code is there at once.
  const code = page.getByLabel('Authorization code');
  await page.locator('button[value=approve]').or(code).first().waitFor();
  if (!await code.isVisible()) await allow(page);
  return { code: await code.inputValue() };
});
