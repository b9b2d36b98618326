//! Sorting by a score, for all that is sorted. Each type's copy of the standard library's sort would be five kilobytes of wasm, and
//! the lists are short.

use std::collections::BinaryHeap;

/// Sorts `items` from the highest score to the lowest; those of one score stay in their order. What is not a number comes first
/// if its sign is positive, and last if it is negative.
pub(crate) fn best_first<T>(items: &mut Vec<T>, score: impl Fn(&T) -> f32) {
    let keys: Vec<u64> = items.iter().zip(0..).map(|(item, index)| descending(score(item), index)).collect();
    let mut unsorted: Vec<Option<T>> = items.drain(..).map(Some).collect();
    let order = BinaryHeap::from(keys).into_sorted_vec();
    // The lower half of a key is the index.
    items.extend(order.into_iter().filter_map(|key| unsorted[key as u32 as usize].take()));
}

/// A number that is the smaller, the higher the score is, then the index.
fn descending(score: f32, index: u32) -> u64 {
    let bits = score.to_bits();
    // A negative float is the lower, the larger its bits are.
    let ascending = if score.is_sign_negative() { !bits } else { bits | 1 << 31 };
    u64::from(!ascending) << 32 | u64::from(index)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_is_a_stable_sort(
            scores in prop::collection::vec(prop_oneof![any::<f32>(), (-2_i8..3).prop_map(f32::from)], 0..60),
        ) {
            let mut items: Vec<(usize, f32)> = scores.iter().copied().enumerate().collect();
            let mut expected = items.clone();
            expected.sort_by(|a, b| b.1.total_cmp(&a.1));
            best_first(&mut items, |&(_, score)| score);
            let order = |items: &[(usize, f32)]| items.iter().map(|item| item.0).collect::<Vec<_>>();
            prop_assert_eq!(order(&items), order(&expected));
        }
    }
}
