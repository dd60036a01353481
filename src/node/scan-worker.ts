/** Where a reading thread starts. */
import { optimiseLater } from "./optimise.ts";

// Node has started the thread by now, and the program is loaded after it: both keep compiled code for one setting only.
optimiseLater();
// Not awaited: the bundle is CommonJS.
void import("./worker-share.ts").then(({ takeShare }) => takeShare());
