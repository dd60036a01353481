/** Where a reading thread starts. */

// Not awaited: the bundle is CommonJS.
void import("./worker-share.ts").then(({ waitForWork }) => waitForWork());
