/** A record read back, and made a page that stands alone, a picture or a table. */
package io.allocmem.launcher.report;
