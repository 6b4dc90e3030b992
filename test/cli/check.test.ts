import { join } from "node:path";
import Libsql from "libsql";
import { describe, expect, it } from "vitest";
import { Folder, leadweave } from "./run.js";

const folder = new Folder();
const at = { cwd: folder.path };

describe("leadweave check", () => {
  it("finds nothing wrong with a store, and finds what was cut out of it", async () => {
    folder.write(
      "people.csv",
      "record_id,email\n1,ann.lee@mail.example\n2,ann.lee@mail.example\n3,bob.ray@mail.example\n",
    );
    await leadweave(["resolve", "people.csv", "--store", "people.db", "-q"], at);
    const ask = ["check", "--store", "people.db"];
    const well = await leadweave(ask, at);
    expect([well.code, well.stderr]).toEqual([0, ""]);
    expect(well.stdout).toMatch(/^people\.db: \d+ documents, all is well\n$/);

    const database = new Libsql(join(folder.path, "people.db"));
    database.exec("DELETE FROM leadweave_documents WHERE text LIKE '%bob.ray%'");
    database.close();
    const ill = await leadweave([...ask, "--json"], at);
    expect(ill.code).toBe(1);
    expect(JSON.parse(ill.stdout).findings.length).toBeGreaterThan(0);
  });
});
