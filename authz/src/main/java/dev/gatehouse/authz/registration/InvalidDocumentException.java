package dev.gatehouse.authz.registration;

/** A metadata document that breaks a rule. The message goes on after "The metadata document is not valid:". */
final class InvalidDocumentException extends RuntimeException {

    InvalidDocumentException(String rule) {
        super(rule, null, false, false);
    }
}
