// What we need of P-256 (FIPS 186-4) from OpenSSL 3, each as one call that owns and frees all it allocates: the
// library's parameter builders and signature objects are awkward to hold from Swift. Every function returns 1 or a
// pointer for success, and leaves nothing in OpenSSL's per-thread error queue.
#pragma once

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <stdint.h>

#define MAGPIE_P256_SCALAR 32
#define MAGPIE_P256_POINT 65
#define MAGPIE_P256_SIGNATURE 64

// The uncompressed point of a secret scalar; fails unless 0 < scalar < order.
static inline int magpie_p256_point(const uint8_t *scalar, uint8_t *point) {
  int done = 0;
  EC_GROUP *group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
  EC_POINT *product = group == NULL ? NULL : EC_POINT_new(group);
  BIGNUM *secret = BN_secure_new();
  if (product != NULL && secret != NULL && BN_bin2bn(scalar, MAGPIE_P256_SCALAR, secret) != NULL) {
    BN_set_flags(secret, BN_FLG_CONSTTIME);
    done = !BN_is_zero(secret) && BN_cmp(secret, EC_GROUP_get0_order(group)) < 0 &&
           EC_POINT_mul(group, product, secret, NULL, NULL, NULL) == 1 &&
           EC_POINT_point2oct(group, product, POINT_CONVERSION_UNCOMPRESSED, point, MAGPIE_P256_POINT, NULL) ==
               MAGPIE_P256_POINT;
  }
  BN_clear_free(secret);
  EC_POINT_free(product);
  EC_GROUP_free(group);
  ERR_clear_error();
  return done;
}

// A key from its uncompressed point, and its scalar unless that is NULL. The point is checked to be on the curve.
static inline EVP_PKEY *magpie_p256_key(const uint8_t *point, const uint8_t *scalar) {
  EVP_PKEY *key = NULL;
  BIGNUM *secret = NULL;
  OSSL_PARAM *parts = NULL;
  OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
  EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
  int ready = build != NULL && context != NULL &&
              OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) == 1 &&
              OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY, point, MAGPIE_P256_POINT) == 1;
  if (ready && scalar != NULL) {
    secret = BN_secure_new();
    ready = secret != NULL && BN_bin2bn(scalar, MAGPIE_P256_SCALAR, secret) != NULL &&
            OSSL_PARAM_BLD_push_BN_pad(build, OSSL_PKEY_PARAM_PRIV_KEY, secret, MAGPIE_P256_SCALAR) == 1;
  }
  if (ready) parts = OSSL_PARAM_BLD_to_param(build);
  ready = parts != NULL && EVP_PKEY_fromdata_init(context) == 1 &&
          EVP_PKEY_fromdata(context, &key, scalar == NULL ? EVP_PKEY_PUBLIC_KEY : EVP_PKEY_KEYPAIR, parts) == 1;
  if (ready) {
    EVP_PKEY_CTX *check = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
    ready = check != NULL && EVP_PKEY_public_check(check) == 1;
    EVP_PKEY_CTX_free(check);
  }
  if (!ready) {
    EVP_PKEY_free(key);
    key = NULL;
  }
  OSSL_PARAM_free(parts);
  BN_clear_free(secret);
  EVP_PKEY_CTX_free(context);
  OSSL_PARAM_BLD_free(build);
  ERR_clear_error();
  return key;
}

// Signs SHA-256 of the message; the signature is r and s, 32 bytes each (RFC 7518 §3.4).
static inline int magpie_p256_sign(EVP_PKEY *key, const uint8_t *message, size_t length, uint8_t *signature) {
  int done = 0;
  uint8_t der[80];
  size_t der_length = sizeof der;
  ECDSA_SIG *pair = NULL;
  EVP_MD_CTX *context = EVP_MD_CTX_new();
  if (context != NULL && EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key) == 1 &&
      EVP_DigestSign(context, der, &der_length, message, length) == 1) {
    const uint8_t *at = der;
    pair = d2i_ECDSA_SIG(NULL, &at, (long)der_length);
  }
  if (pair != NULL) {
    done = BN_bn2binpad(ECDSA_SIG_get0_r(pair), signature, 32) == 32 &&
           BN_bn2binpad(ECDSA_SIG_get0_s(pair), signature + 32, 32) == 32;
  }
  ECDSA_SIG_free(pair);
  EVP_MD_CTX_free(context);
  ERR_clear_error();
  return done;
}

static inline int magpie_p256_verify(EVP_PKEY *key, const uint8_t *message, size_t length, const uint8_t *signature) {
  int valid = 0;
  uint8_t *der = NULL;
  int der_length = 0;
  ECDSA_SIG *pair = ECDSA_SIG_new();
  BIGNUM *r = BN_bin2bn(signature, 32, NULL);
  BIGNUM *s = BN_bin2bn(signature + 32, 32, NULL);
  if (pair != NULL && r != NULL && s != NULL && ECDSA_SIG_set0(pair, r, s) == 1) {
    r = s = NULL;  // Owned by the pair now.
    der_length = i2d_ECDSA_SIG(pair, &der);
  }
  EVP_MD_CTX *context = EVP_MD_CTX_new();
  if (der_length > 0 && context != NULL && EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, key) == 1) {
    valid = EVP_DigestVerify(context, der, (size_t)der_length, message, length) == 1;
  }
  EVP_MD_CTX_free(context);
  OPENSSL_free(der);
  BN_free(r);
  BN_free(s);
  ECDSA_SIG_free(pair);
  ERR_clear_error();
  return valid;
}
