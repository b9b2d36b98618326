//! Which observation belongs to which track: the assignment of least total cost.

/// For each row of `costs` the column it is given, or `None`. Every pair costs what `costs[row][column]` says, a row
/// without a column costs `alone`; pairs that cost `alone` or more are never made. Total cost is the least possible.
///
/// The Hungarian method with potentials (Kuhn 1955; in this form Jonker and Volgenant 1987, without their
/// initialisation): `O(rows^2 * (rows + columns))`.
///
/// All costs are finite; rows are of one length.
pub(super) fn assign(costs: &[Vec<f32>], alone: f32) -> Vec<Option<usize>> {
    let rows = costs.len();
    let columns = costs.first().map_or(0, Vec::len);
    // Each row may also take a column that stands for being alone, of which there are enough for all.
    let width = columns + rows;
    let cost = |row: usize, column: usize| -> f64 {
        if column < columns { f64::from(costs[row][column].min(alone)) } else { f64::from(alone) }
    };

    // Rows and columns are counted from 1; column 0 is where a row waits for its own.
    let (mut row_potential, mut column_potential) = (vec![0.0_f64; rows + 1], vec![0.0_f64; width + 1]);
    let mut row_of = vec![0_usize; width + 1];
    let mut before = vec![0_usize; width + 1];
    for row in 1..=rows {
        row_of[0] = row;
        let mut column = 0;
        let mut slack = vec![f64::INFINITY; width + 1];
        let mut used = vec![false; width + 1];
        while row_of[column] != 0 {
            used[column] = true;
            let current = row_of[column];
            let (mut delta, mut nearest) = (f64::INFINITY, 0);
            for candidate in 1..=width {
                if used[candidate] {
                    continue;
                }
                let reduced = cost(current - 1, candidate - 1) - row_potential[current] - column_potential[candidate];
                if reduced < slack[candidate] {
                    (slack[candidate], before[candidate]) = (reduced, column);
                }
                if slack[candidate] < delta {
                    (delta, nearest) = (slack[candidate], candidate);
                }
            }
            for candidate in 0..=width {
                if used[candidate] {
                    row_potential[row_of[candidate]] += delta;
                    column_potential[candidate] -= delta;
                } else {
                    slack[candidate] -= delta;
                }
            }
            column = nearest;
        }
        while column != 0 {
            row_of[column] = row_of[before[column]];
            column = before[column];
        }
    }

    let mut assigned = vec![None; rows];
    for (column, &row) in row_of.iter().enumerate().take(columns + 1).skip(1) {
        if row != 0 && costs[row - 1][column - 1] < alone {
            assigned[row - 1] = Some(column - 1);
        }
    }
    assigned
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn by_hand() {
        assert_eq!(assign(&[], 1.0), []);
        assert_eq!(assign(&[vec![], vec![]], 1.0), [None, None]);
        // Each row's nearest column is the first; together they are better off crosswise.
        assert_eq!(assign(&[vec![0.1, 0.2], vec![0.1, 0.9]], 1.0), [Some(1), Some(0)]);
        // The second row is better off alone.
        assert_eq!(assign(&[vec![0.1], vec![0.2]], 1.0), [Some(0), None]);
        assert_eq!(assign(&[vec![1.0, 3.0]], 1.0), [None]);
        assert_eq!(assign(&[vec![3.0, 0.5, 0.4]], 1.0), [Some(2)]);
    }

    /// Total cost of the best assignment of the rows from `row` on, by trying all.
    fn least(costs: &[Vec<f32>], row: usize, taken: &mut Vec<bool>, alone: f32) -> f32 {
        if row == costs.len() {
            return 0.0;
        }
        let mut best = alone + least(costs, row + 1, taken, alone);
        for column in 0..taken.len() {
            if !taken[column] && costs[row][column] < alone {
                taken[column] = true;
                best = best.min(costs[row][column] + least(costs, row + 1, taken, alone));
                taken[column] = false;
            }
        }
        best
    }

    proptest! {
        #[test]
        fn no_assignment_is_cheaper(
            columns in 0_usize..5,
            numbers in prop::collection::vec(prop::array::uniform5(0.0_f32..2.0), 0..5),
        ) {
            let costs: Vec<Vec<f32>> = numbers.iter().map(|row| row[..columns].to_vec()).collect();
            let assigned = assign(&costs, 1.0);
            let mut taken = vec![false; columns];
            let mut total = 0.0;
            for (row, column) in assigned.iter().enumerate() {
                total += column.map_or(1.0, |column| costs[row][column]);
                if let Some(column) = *column {
                    prop_assert!(!std::mem::replace(&mut taken[column], true), "column {column} is given twice");
                }
            }
            let best = least(&costs, 0, &mut vec![false; columns], 1.0);
            prop_assert!((total - best).abs() < 1e-4, "{total} instead of {best}");
        }
    }
}
