/** The words: options by name and value, read into a plan and printed from one. */
package io.allocmem.arguments;
