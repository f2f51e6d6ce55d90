/** One class per threat: each refusal beside the same request without its fault, which succeeds. */
package dev.gatehouse.it.attack;
