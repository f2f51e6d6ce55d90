package dev.gatehouse.authz.device;

/**
 * A person's word for a device.
 *
 * @param grantId the family that its tokens will belong to
 * @param authenticatedAt when the person gave a password, epoch milliseconds
 * @param at epoch milliseconds
 * @param grantExpiresAt epoch milliseconds: no token of the family outlives it
 */
public record DeviceApproval(String grantId, String sub, long authenticatedAt, long at, long grantExpiresAt) {
}
