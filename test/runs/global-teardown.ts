export default async function teardown() {
  await Promise.resolve();
}
