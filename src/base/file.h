/*
 * Files that are kept: copied compressed, replaced as a whole or not at all, hashed.
 */
#ifndef TU_BASE_FILE_H
#define TU_BASE_FILE_H

#include <stdint.h>

#include <tutela/attr.h>
#include <tutela/error.h>
#include <tutela/str.h>

#include "base/sha256.h"

enum { TU_FILE_DIGEST_MAX = 64 };

/* Make the folders above `path`, private. */
TU_NODISCARD enum tu_status tu_file_make_folders(const char *path, struct tu_error *err);

/* Write a small file as a whole or not at all. */
TU_NODISCARD enum tu_status tu_file_write(
	const char *path, struct tu_str text, struct tu_error *err);

/* Copy `from` to `to`, zstd-compressed unless it is compressed already (gzip, zstd, zip); size and
 * SHA-256 of what was written. */
TU_NODISCARD enum tu_status tu_file_copy(const char *from, const char *to, uint64_t *out_bytes,
	uint8_t out_sha256[TU_SHA256_BYTES], struct tu_error *err);

/* If the zip archive at `path` contains nothing but one archive, put that in its place. */
TU_NODISCARD enum tu_status tu_file_unwrap(
	const char *path, uint64_t bytes_max, struct tu_error *err);

/* Refuse a file with a secret in it ("a signing key") that others than its owner may read or write.
 * What is no regular file, such as a pipe, has no such rights. TU_E_IO, with the way out. */
TU_NODISCARD enum tu_status tu_file_check_private(
	const char *path, const char *secret, struct tu_error *err);

/* Digest of a file by OpenSSL's name of the algorithm ("SHA256", "SHA512", "MD5"): `*out_len`
 * bytes. TU_E_IO. */
TU_NODISCARD enum tu_status tu_file_digest(const char *path, const char *algorithm,
	uint8_t out_digest[TU_FILE_DIGEST_MAX], size_t *out_len, struct tu_error *err);

#endif
