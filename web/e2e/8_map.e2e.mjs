// Goal: the places of the evidence are on a map and, saying the same, in a table; by keyboard too; nothing comes from outside.
import { check, inspect, untilJudged } from './browser.mjs';
import { fileFrom } from './wire.mjs';

const OHIO = '192.0.2.77';
const CALIFORNIA = '198.51.100.3';
const NORWAY = '203.0.113.130';
const PRIVATE = '10.1.2.3';

const goes = (page) => page.getByRole('region', { name: 'Where it goes' });
const theMap = (page) => goes(page).getByRole('group', { name: 'Map of the places' });
const table = (page) => goes(page).getByRole('group', { name: 'Places, by weight' });

// Files a report from these addresses and opens it once it is judged.
async function openFrom({ pageOf, baseUrl, people, run }, name, ...addresses) {
  const id = await fileFrom(baseUrl, people.platform, `map-${name}-${run}`, ...addresses);
  const page = await pageOf('analyst');
  await page.goto(`/console/reports/${id}`);
  await untilJudged(page, id);
  await page.reload();
  await goes(page).waitFor();
  return page;
}

export const tests = {
  'states are shown on a map of the states, by shape, number and name': async (context) => {
    const page = await openFrom(context, 'us', OHIO, CALIFORNIA);
    await theMap(page).waitFor();
    const ohio = theMap(page).getByRole('button', { name: /Ohio, weight \d+ of 100, suspect/ });
    const california = theMap(page).getByRole('button', { name: /California, weight \d+ of 100, suspect/ });
    const [first, second] = [await ohio.boundingBox(), await california.boundingBox()];
    check(first !== null && second !== null && second.x < first.x, 'California lies west of Ohio');
    const land = await theMap(page).locator('path.map-land').getAttribute('d');
    check(land !== null && land.length > 10_000, 'there are outlines');
    check((await theMap(page).locator('.map-primary').count()) === 1, 'one mark has the shape of the first agency');
    await table(page)
      .getByRole('row', { name: /Ohio US-OH suspect/ })
      .waitFor();
    await table(page).getByText('First agency').waitFor();
    await goes(page).scrollIntoViewIfNeeded();
    await inspect(page, 'map-us');
  },

  'the keyboard goes from mark to mark, and from a mark to its row': async (context) => {
    const page = await openFrom(context, 'keys', OHIO, CALIFORNIA);
    const mark = theMap(page).getByRole('button', { name: /^1: / });
    await mark.focus();
    check((await table(page).locator('.map-row-active').count()) === 1, 'the row of the mark in focus is lit');
    await page.keyboard.press('Enter');
    const row = await page.evaluate(() => document.activeElement?.querySelector('td')?.textContent);
    check(row === '1', `the focus is in the row of the mark: ${row}`);
    check((await mark.evaluate((one) => one.tabIndex)) === 0, 'marks are reached with the tab key');
  },

  'places in several countries are shown on the world, zoomed to them, and what leads nowhere says why': async (
    context,
  ) => {
    const page = await openFrom(context, 'world', OHIO, NORWAY, PRIVATE);
    await theMap(page)
      .getByRole('button', { name: /Norway/ })
      .waitFor();
    await theMap(page).getByRole('button', { name: /Ohio/ }).waitFor();
    const zoom = await theMap(page).locator('g[transform*="scale"]').getAttribute('transform');
    check(Number(/scale\(([\d.]+)\)/.exec(zoom ?? '')?.[1]) > 1.2, `it is zoomed to what matters: ${zoom}`);
    const nowhere = goes(page).getByRole('region', { name: 'Leads nowhere' });
    await nowhere.getByText('private address').waitFor();
    check((await table(page).getByRole('row').count()) === 3, 'what leads nowhere is not in the table');
    await goes(page).scrollIntoViewIfNeeded();
    await inspect(page, 'map-world');
  },

  'without a place there is no map': async (context) => {
    const page = await openFrom(context, 'none', PRIVATE);
    await goes(page).getByRole('region', { name: 'Leads nowhere' }).waitFor();
    check((await theMap(page).count()) === 0, 'no empty map');
  },

  'Spanish is complete on the map': async (context) => {
    const page = await openFrom(context, 'es', OHIO, NORWAY, PRIVATE);
    await page.evaluate(() => localStorage.setItem('porchlight-language', 'es'));
    await page.reload();
    const map = page.getByRole('group', { name: 'Mapa de los lugares' });
    await map.getByRole('button', { name: /Noruega, peso \d+ de 100/ }).waitFor();
    await page.getByRole('region', { name: 'No lleva a ningún lugar' }).waitFor();
    await map.scrollIntoViewIfNeeded();
    await inspect(page, 'map-es');
    await page.evaluate(() => localStorage.setItem('porchlight-language', 'en'));
  },
};
