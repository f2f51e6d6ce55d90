/** Measures the product against a bare Vert.x route, in one run on one machine: only the ratios mean anything. */
package dev.gatehouse.it.bench;
