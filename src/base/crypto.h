/*
 * OpenSSL's libcrypto: hashes, signatures, random numbers. Loaded when the first of them is asked
 * for (base/library.h): a scan with tables or JSON needs none, and the linker's work for it was a
 * quarter of the program's start.
 */
#ifndef TU_BASE_CRYPTO_H
#define TU_BASE_CRYPTO_H

#define OPENSSL_SUPPRESS_DEPRECATED /* SHA256_Init() and its like: sha256.c says why */
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include <tutela/error.h>

#include "base/library.h"

#define TU_CRYPTO_FUNCTIONS(X) \
	X(EVP_CIPHER_CTX_ctrl) \
	X(EVP_CIPHER_CTX_free) \
	X(EVP_CIPHER_CTX_new) \
	X(EVP_CipherFinal_ex) \
	X(EVP_CipherInit_ex) \
	X(EVP_CipherUpdate) \
	X(EVP_DigestFinal_ex) \
	X(EVP_DigestInit_ex) \
	X(EVP_DigestSign) \
	X(EVP_DigestSignInit) \
	X(EVP_DigestUpdate) \
	X(EVP_DigestVerify) \
	X(EVP_DigestVerifyInit) \
	X(EVP_MD_CTX_free) \
	X(EVP_MD_CTX_new) \
	X(EVP_PKEY_free) \
	X(EVP_PKEY_get_raw_public_key) \
	X(EVP_PKEY_new_raw_private_key) \
	X(EVP_PKEY_new_raw_public_key) \
	X(EVP_aes_256_gcm) \
	X(EVP_get_digestbyname) \
	X(RAND_bytes) \
	X(SHA256_Final) \
	X(SHA256_Init) \
	X(SHA256_Update) \
	X(SHA512_Final) \
	X(SHA512_Init) \
	X(SHA512_Update)

struct tu_crypto {
	TU_CRYPTO_FUNCTIONS(TU_LIBRARY_MEMBER)
};

/* NULL: it is not installed. Any thread. */
const struct tu_crypto *tu_crypto(void);

/* It was asked for, and is not installed. */
bool tu_crypto_was_missing(void);

/* TU_E_UNSUPPORTED: says that it is not installed. */
enum tu_status tu_crypto_missing(struct tu_error *err);

#endif
