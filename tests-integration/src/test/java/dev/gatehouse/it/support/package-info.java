/** Starts the real product, and speaks to it as clients and browsers do. */
package dev.gatehouse.it.support;
