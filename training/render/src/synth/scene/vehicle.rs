//! A whole vehicle: its shell and the face it turns to us.

use super::car::Car;
use super::eye::Stand;
use super::stage::Stage;
use super::{front, rear};

/// Draws everything but the plate.
pub(super) fn paint(stage: &mut Stage, stand: &Stand, car: &Car) {
    car.paint(stage, stand);
    if car.is_rear { rear::paint(stage, stand, car) } else { front::paint(stage, stand, car) }
}
