export default async function setup() {
  await Promise.resolve();
}
