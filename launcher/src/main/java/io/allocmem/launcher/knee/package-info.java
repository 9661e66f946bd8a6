/**
 * Search for the knee: the fullest heap with which a service keeps its promise. Holds one plan
 * after another, measures what the service loses, and narrows the share of the heap down to a
 * point.
 */
package io.allocmem.launcher.knee;
