/** Generated inputs for everything that reads what a stranger sends. */
package dev.gatehouse.it.fuzz;
