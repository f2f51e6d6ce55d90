/** Servers that are killed, suspended and cut off under load, and what their clients may rely on afterwards. */
package dev.gatehouse.it.chaos;
