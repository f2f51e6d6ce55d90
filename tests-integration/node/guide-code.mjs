// The browser that step 4 of the guide opens: a person logs in, allows the request, and reads the code that the page shows.
import { allow, logIn, newPage, run, settings } from './person.mjs';

await run(async browser => {
  const page = await newPage(await browser.newContext());
  await page.goto(process.argv[3]);
  await logIn(page);
  await allow(page);
  const code = await page.getByLabel('Authorization code').inputValue();
  await page.screenshot({ path: `${settings.screenshots}/code.png` });
  return { code };
});
