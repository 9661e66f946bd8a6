/** Options by name and value, read into a plan and printed from a plan. */
package io.allocmem.arguments;
