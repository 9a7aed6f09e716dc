#include "sign/openpgp.h"

#include <string.h>

#include <rnp/rnp.h>
#include <rnp/rnp_err.h>

#include "base/alloc.h"
#include "base/library.h"

#define FUNCTIONS(X) \
	X(rnp_buffer_destroy) \
	X(rnp_ffi_create) \
	X(rnp_ffi_destroy) \
	X(rnp_identifier_iterator_create) \
	X(rnp_identifier_iterator_destroy) \
	X(rnp_identifier_iterator_next) \
	X(rnp_input_destroy) \
	X(rnp_input_from_memory) \
	X(rnp_key_export) \
	X(rnp_key_get_creation) \
	X(rnp_key_get_fprint) \
	X(rnp_key_handle_destroy) \
	X(rnp_key_have_secret) \
	X(rnp_load_keys) \
	X(rnp_locate_key) \
	X(rnp_op_generate_add_usage) \
	X(rnp_op_generate_create) \
	X(rnp_op_generate_destroy) \
	X(rnp_op_generate_execute) \
	X(rnp_op_generate_get_key) \
	X(rnp_op_generate_set_expiration) \
	X(rnp_op_generate_set_hash) \
	X(rnp_op_generate_set_userid) \
	X(rnp_op_sign_add_signature) \
	X(rnp_op_sign_destroy) \
	X(rnp_op_sign_detached_create) \
	X(rnp_op_sign_execute) \
	X(rnp_op_sign_set_armor) \
	X(rnp_op_sign_set_creation_time) \
	X(rnp_op_sign_set_hash) \
	X(rnp_op_verify_destroy) \
	X(rnp_op_verify_detached_create) \
	X(rnp_op_verify_execute) \
	X(rnp_output_destroy) \
	X(rnp_output_memory_get_buf) \
	X(rnp_output_to_memory) \
	X(rnp_set_timestamp)
#define SONAME "librnp.so.0"

struct rnp {
	FUNCTIONS(TU_LIBRARY_MEMBER)
};

TU_LIBRARY(library, struct rnp, FUNCTIONS, SONAME);

TU_LIBRARY_NOTE("openpgp", "signatures of CSAF documents", "suggested", TU_LIBRARY_QUOTED(SONAME));

#define HASH "SHA512"

struct tu_openpgp {
	const struct rnp *rnp;
	rnp_ffi_t ffi;
	rnp_key_handle_t key;
	char fingerprint[TU_OPENPGP_FINGERPRINT + 1];
	int64_t made;
};

bool tu_openpgp_there(void)
{
	return tu_library(&library) != NULL;
}

static enum tu_status need(const struct rnp **out_rnp, struct tu_error *err)
{
	*out_rnp = tu_library(&library);
	return *out_rnp ? TU_OK
			: tu_fail(err, TU_E_UNSUPPORTED, 0,
				  "librnp is not installed: install the package librnp0");
}

static enum tu_status failed(const char *doing, rnp_result_t result, struct tu_error *err)
{
	return tu_fail(err, TU_E_IO, 0, "OpenPGP: cannot %s (librnp: %#x)", doing, result);
}

/* ---- in and out ---- */

static enum tu_status take_output(
	const struct rnp *rnp, rnp_output_t output, struct tu_buf *out, struct tu_error *err)
{
	uint8_t *bytes = NULL;
	size_t len = 0;
	rnp_result_t result = rnp->rnp_output_memory_get_buf(output, &bytes, &len, false);

	if (result)
		return failed("take what it wrote", result, err);
	tu_buf_str_add(out, tu_str_of((const char *)bytes, len));
	return out->failed ? tu_no_memory(err) : TU_OK;
}

static enum tu_status export(const struct rnp *rnp, rnp_key_handle_t key, uint32_t what,
	struct tu_buf *out, struct tu_error *err) {
	rnp_output_t output = NULL; rnp_result_t result = rnp->rnp_output_to_memory(&output, 0);
	enum tu_status status = TU_OK;

	if (!result) result = rnp->rnp_key_export(key, output, what | RNP_KEY_EXPORT_ARMORED);
	status = result ? failed("write a key", result, err) : take_output(rnp, output, out, err);
	if (output) rnp->rnp_output_destroy(output);
	return status;
}

/* ---- making ---- */

static rnp_result_t generate(
	const struct rnp *rnp, rnp_ffi_t ffi, const char *user_id, rnp_key_handle_t *out_key)
{
	rnp_op_generate_t op = NULL;
	rnp_result_t result = rnp->rnp_op_generate_create(&op, ffi, "EDDSA");

	if (!result)
		result = rnp->rnp_op_generate_set_userid(op, user_id);
	if (!result)
		result = rnp->rnp_op_generate_set_hash(op, HASH);
	if (!result)
		result = rnp->rnp_op_generate_set_expiration(op, 0);
	if (!result)
		result = rnp->rnp_op_generate_add_usage(op, "sign");
	if (!result)
		result = rnp->rnp_op_generate_execute(op);
	if (!result)
		result = rnp->rnp_op_generate_get_key(op, out_key);
	if (op)
		rnp->rnp_op_generate_destroy(op);
	return result;
}

enum tu_status tu_openpgp_make(
	int64_t at, const char *user_id, struct tu_buf *out_secret, struct tu_error *err)
{
	const struct rnp *rnp;
	rnp_ffi_t ffi = NULL;
	rnp_key_handle_t key = NULL;
	enum tu_status status = need(&rnp, err);
	rnp_result_t result;

	if (status)
		return status;
	result = rnp->rnp_ffi_create(&ffi, "GPG", "GPG");
	if (!result)
		result = rnp->rnp_set_timestamp(ffi, (uint64_t)(at / 1000000));
	if (!result)
		result = generate(rnp, ffi, user_id, &key);
	status = result ? failed("make a key", result, err)
			: export(rnp, key, RNP_KEY_EXPORT_SECRET, out_secret, err);
	if (key)
		rnp->rnp_key_handle_destroy(key);
	if (ffi)
		rnp->rnp_ffi_destroy(ffi);
	return status;
}

/* ---- opening ---- */

static rnp_result_t load(const struct rnp *rnp, rnp_ffi_t ffi, struct tu_str text)
{
	rnp_input_t input = NULL;
	rnp_result_t result =
		rnp->rnp_input_from_memory(&input, (const uint8_t *)text.ptr, text.len, false);

	if (!result)
		result = rnp->rnp_load_keys(
			ffi, "GPG", input, RNP_LOAD_SAVE_PUBLIC_KEYS | RNP_LOAD_SAVE_SECRET_KEYS);
	if (input)
		rnp->rnp_input_destroy(input);
	return result;
}

/* The first key that is there. */
static rnp_result_t locate(const struct rnp *rnp, rnp_ffi_t ffi, rnp_key_handle_t *out_key)
{
	rnp_identifier_iterator_t all = NULL;
	const char *name = NULL;
	rnp_result_t result = rnp->rnp_identifier_iterator_create(ffi, &all, "fingerprint");

	if (!result)
		result = rnp->rnp_identifier_iterator_next(all, &name);
	if (!result && name)
		result = rnp->rnp_locate_key(ffi, "fingerprint", name, out_key);
	if (all)
		rnp->rnp_identifier_iterator_destroy(all);
	return result ? result : *out_key ? RNP_SUCCESS : RNP_ERROR_KEY_NOT_FOUND;
}

static rnp_result_t describe(struct tu_openpgp *key)
{
	char *print = NULL;
	uint32_t made = 0;
	rnp_result_t result = key->rnp->rnp_key_get_fprint(key->key, &print);

	if (!result)
		result = key->rnp->rnp_key_get_creation(key->key, &made);
	if (!result && strlen(print) != TU_OPENPGP_FINGERPRINT)
		result = RNP_ERROR_NOT_SUPPORTED;
	for (size_t i = 0; !result && i < TU_OPENPGP_FINGERPRINT; i++)
		key->fingerprint[i] = tu_char_lower(print[i]);
	key->made = made;
	if (print)
		key->rnp->rnp_buffer_destroy(print);
	return result;
}

enum tu_status tu_openpgp_open(
	struct tu_str secret, struct tu_openpgp **out_key, struct tu_error *err)
{
	struct tu_openpgp *key;
	const struct rnp *rnp;
	bool is_secret = false;
	enum tu_status status = need(&rnp, err);
	rnp_result_t result;

	if (status)
		return status;
	key = tu_alloc(1, sizeof(*key));
	if (!key)
		return tu_no_memory(err);
	*key = (struct tu_openpgp){.rnp = rnp};
	result = rnp->rnp_ffi_create(&key->ffi, "GPG", "GPG");
	if (!result)
		result = load(rnp, key->ffi, secret);
	if (!result)
		result = locate(rnp, key->ffi, &key->key);
	if (!result)
		result = rnp->rnp_key_have_secret(key->key, &is_secret);
	if (!result)
		result = describe(key);
	if (result || !is_secret) {
		tu_openpgp_close(key);
		return tu_fail(err, TU_E_SYNTAX, 0,
			"this is no secret key of OpenPGP that can be used (librnp: %#x)", result);
	}
	*out_key = key;
	return TU_OK;
}

void tu_openpgp_close(struct tu_openpgp *key)
{
	if (!key)
		return;
	if (key->key)
		key->rnp->rnp_key_handle_destroy(key->key);
	if (key->ffi)
		key->rnp->rnp_ffi_destroy(key->ffi);
	tu_free(key);
}

const char *tu_openpgp_fingerprint(const struct tu_openpgp *key)
{
	return key->fingerprint;
}

int64_t tu_openpgp_made(const struct tu_openpgp *key)
{
	return key->made;
}

enum tu_status tu_openpgp_public(
	const struct tu_openpgp *key, struct tu_buf *out, struct tu_error *err)
{
	return export(key->rnp, key->key, RNP_KEY_EXPORT_PUBLIC, out, err);
}

/* ---- signing ---- */

struct signing {
	const struct tu_openpgp *key;
	struct tu_str document;
	uint32_t at; /* seconds */
};

static rnp_result_t sign(const struct signing *s, rnp_input_t input, rnp_output_t output)
{
	const struct rnp *rnp = s->key->rnp;
	rnp_op_sign_t op = NULL;
	rnp_result_t result = rnp->rnp_op_sign_detached_create(&op, s->key->ffi, input, output);

	if (!result)
		result = rnp->rnp_op_sign_set_armor(op, true);
	if (!result)
		result = rnp->rnp_op_sign_set_hash(op, HASH);
	if (!result)
		result = rnp->rnp_op_sign_set_creation_time(op, s->at);
	if (!result)
		result = rnp->rnp_op_sign_add_signature(op, s->key->key, NULL);
	if (!result)
		result = rnp->rnp_op_sign_execute(op);
	if (op)
		rnp->rnp_op_sign_destroy(op);
	return result;
}

/* Nobody is given what does not verify. */
static rnp_result_t verify(const struct signing *s, struct tu_str signature)
{
	const struct rnp *rnp = s->key->rnp;
	rnp_input_t text = NULL, seal = NULL;
	rnp_op_verify_t op = NULL;
	rnp_result_t result = rnp->rnp_input_from_memory(
		&text, (const uint8_t *)s->document.ptr, s->document.len, false);

	if (!result)
		result = rnp->rnp_input_from_memory(
			&seal, (const uint8_t *)signature.ptr, signature.len, false);
	if (!result)
		result = rnp->rnp_set_timestamp(s->key->ffi, s->at);
	if (!result)
		result = rnp->rnp_op_verify_detached_create(&op, s->key->ffi, text, seal);
	if (!result)
		result = rnp->rnp_op_verify_execute(op);
	if (op)
		rnp->rnp_op_verify_destroy(op);
	if (seal)
		rnp->rnp_input_destroy(seal);
	if (text)
		rnp->rnp_input_destroy(text);
	return result;
}

static enum tu_status sign_out(
	const struct signing *s, struct tu_buf *out_signature, struct tu_error *err)
{
	const struct rnp *rnp = s->key->rnp;
	rnp_input_t input = NULL;
	rnp_output_t output = NULL;
	size_t before = out_signature->len;
	enum tu_status status = TU_OK;
	rnp_result_t result = rnp->rnp_input_from_memory(
		&input, (const uint8_t *)s->document.ptr, s->document.len, false);

	if (!result)
		result = rnp->rnp_output_to_memory(&output, 0);
	if (!result)
		result = sign(s, input, output);
	status =
		result ? failed("sign", result, err) : take_output(rnp, output, out_signature, err);
	if (output)
		rnp->rnp_output_destroy(output);
	if (input)
		rnp->rnp_input_destroy(input);
	if (status)
		return status;
	result = verify(s, tu_str_from(tu_buf_str(out_signature), before));
	return result ? failed("verify what it signed", result, err) : TU_OK;
}

enum tu_status tu_openpgp_sign(const struct tu_openpgp *key, struct tu_str document, int64_t at,
	struct tu_buf *out_signature, struct tu_error *err)
{
	const struct signing s = {key, document, (uint32_t)(at / 1000000)};

	if (at / 1000000 < key->made)
		return tu_fail(err, TU_E_CONSTRAINT, 0,
			"the clock is before the time at which the OpenPGP key was made (%lld < "
			"%lld "
			"seconds): nobody would accept a signature; set the clock",
			(long long)(at / 1000000), (long long)key->made);
	if (at / 1000000 > UINT32_MAX)
		return tu_fail(err, TU_E_CONSTRAINT, 0, "no signature has a time so late");
	return sign_out(&s, out_signature, err);
}
