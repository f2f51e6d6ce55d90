/** Tests with third-party clients against the running product. */
package dev.gatehouse.it.interop;
