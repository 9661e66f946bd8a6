/** Reports from a record: a standalone page, a picture or a table. */
package io.allocmem.launcher.report;
