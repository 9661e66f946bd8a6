// Validates objects by the models of npm: reads a JSON array of {model, object} from a file, and
// prints a line "INDEX: SENTENCE" for each object that does not fit its model.
import { readFileSync } from "node:fs";

const asked = JSON.parse(readFileSync(process.argv[2], "utf8"));
for (const [index, { model, object }] of asked.entries()) {
  try {
    const module = await import(model);
    const kind = model.slice(model.lastIndexOf("/") + 1);
    new module[kind](object).validate();
  } catch (e) {
    console.log(`${index}: ${e.message}`);
  }
}
