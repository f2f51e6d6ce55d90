/** Clients that were not written here, against the running product. */
package dev.gatehouse.it.interop;
